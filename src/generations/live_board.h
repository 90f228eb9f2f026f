// What is happening right now, in memory: progress, the latest preview, the words so far. Losing it loses
// nothing that was promised; the truth is in the database. Belongs to the I/O thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "generations/generations.h"
#include "generations/node_board.h"
#include "generations/standing.h"

namespace ourvidz::generations {

struct Live {
    std::string workspace_id;
    std::string phase = "loading";  // "loading", "sampling", "enlarging" or "finishing"
    bool on_server = false;         // no node works on it
    double fraction = 0;            // of the whole generation, 0..1
    std::int64_t position = 0;
    std::optional<std::int64_t> step;
    std::optional<std::int64_t> steps;
    std::string text;                            // words so far, released by the gate
    std::shared_ptr<const std::string> preview;  // WebP, released by the gate
    std::int64_t preview_version = 0;
    UnixMs started_at = 0;
    // When it began to work, its model loaded, and how far it was then: a batch may go on where another
    // attempt ended.
    std::optional<UnixMs> work_began_at;
    double fraction_before = 0;
    UnixMs advanced_at = 0;            // when something was last heard of it
    std::int64_t longest_step_ms = 0;  // between two such moments of its work
    std::optional<Estimate> estimate;
    bool told_late = false;
    bool far = false;                // its node works for another server, which tells us; see live_share.h
    std::int64_t preview_told = -1;  // the newest preview that other servers have
};

class LiveBoard {
  public:
    // `enlarges`: whether the server does what waits for it without a node.
    LiveBoard(const Clock& clock, bool enlarges) : clock_(clock), enlarges_(enlarges) {}

    // A new attempt starts: whatever an earlier one showed is gone.
    void start(const std::string& generation_id, std::string workspace_id, std::optional<Estimate> estimate);
    void end(std::string_view generation_id);
    // One that another server tells of; it is made if there is none.
    Live& far(const std::string& generation_id, std::string workspace_id);
    void forget_far();
    [[nodiscard]] Live* find(std::string_view generation_id);
    [[nodiscard]] std::vector<std::string> of_workspace(std::string_view workspace_id) const;
    // What a node says of a run that find() knows. A fraction never goes back.
    struct Step {
        std::string phase;
        double fraction = 0;
        std::int64_t position = 0;
        std::optional<std::int64_t> step;
        std::optional<std::int64_t> steps;
    };
    void advance(std::string_view generation_id, const Step& step);
    // Whether it takes longer than such work ever did, or has not been heard of for long by its own pace.
    [[nodiscard]] bool is_late(const Live& live) const;
    // Of this server's nodes, those that have become late, or are no longer, since the last call.
    [[nodiscard]] std::vector<std::string> newly_late();

    // A Progress object of the API; only for generations that find() knows.
    [[nodiscard]] json::object progress(std::string_view generation_id) const;
    // The same for one that waits for `model`; null: it is not known yet where it stands.
    [[nodiscard]] json::object waiting(std::string_view generation_id, std::string_view model,
                                       const Standing* standing) const;
    // What is known of the machines that take work.
    struct Machines {
        bool ask = true;                   // any is heard of
        std::optional<ModelNames> models;  // that any of them has; null: not known
        bool operator==(const Machines&) const = default;
    };
    // Answers whether that is news.
    [[nodiscard]] bool set_machines(Machines now) { return std::exchange(machines_, now) != now; }

  private:
    [[nodiscard]] json::value trouble(const Live& live) const;
    [[nodiscard]] json::value trouble_for(std::string_view model) const;

    const Clock& clock_;
    const bool enlarges_;
    Machines machines_;
    std::map<std::string, Live, std::less<>> live_;
};

}  // namespace ourvidz::generations
