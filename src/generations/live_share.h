// What is happening right now on the servers beside this one, so that a reader sees the same progress,
// preview and words wherever it is connected. Belongs to the I/O thread.
#pragma once

#include <string>
#include <string_view>

#include "generations/live_board.h"
#include "redis/bus.h"

namespace ourvidz::generations {

class LiveShare {
  public:
    // Both must outlive it.
    LiveShare(LiveBoard& board, redis::Bus& bus);

    // A run of ours has got further, has a new preview, said something or is over.
    void progressed(std::string_view generation_id);
    void said(std::string_view generation_id, std::size_t offset, std::string_view text);
    void ended(std::string_view generation_id);

  private:
    void hear_progress(std::string_view payload);
    void hear_preview(std::string_view payload);
    void hear_text(std::string_view payload);

    LiveBoard& board_;
    redis::Bus& bus_;
};

}  // namespace ourvidz::generations
