// Which machines take work, and with which models, where several servers hear of a few machines each. Belongs
// to the I/O thread.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "generations/live_board.h"
#include "redis/bus.h"

namespace ourvidz::generations {

// What is known to servers that hear of these machines.
[[nodiscard]] LiveBoard::Machines together(const std::vector<LiveBoard::Machines>& heard);

class MachineShare {
  public:
    // Both must outlive it.
    MachineShare(redis::Bus& bus, const Clock& clock);

    // Tells the others what this server hears, and answers what all of them hear: nothing is known for some
    // seconds after the start and after a gap. Call it every second or so.
    [[nodiscard]] LiveBoard::Machines exchange(const LiveBoard::Machines& ours);

  private:
    struct Far {
        LiveBoard::Machines machines;
        UnixMs heard_at = 0;
    };
    void hear(std::string_view payload);

    redis::Bus& bus_;
    const Clock& clock_;
    const std::string id_;  // of this server, among the others
    UnixMs whole_since_;    // no message has been missed
    std::map<std::string, Far> far_;
};

}  // namespace ourvidz::generations
