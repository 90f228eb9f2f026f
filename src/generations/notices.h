// Tells readers what has just been committed. Belongs to the I/O thread.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "db/database.h"
#include "events/hub.h"
#include "generations/live_board.h"
#include "generations/live_share.h"
#include "queue/announcements.h"

namespace ourvidz::generations {

class Notices {
  public:
    Notices(db::asio::any_io_executor executor, db::Database& database, events::Hub& hub,
            queue::Announcements& announcements, LiveBoard& live, LiveShare* share, const Clock& clock)
        : executor_(std::move(executor)),
          database_(database),
          hub_(hub),
          announcements_(announcements),
          live_(live),
          share_(share),
          clock_(clock) {}

    // The event log of the workspace has grown.
    void changed(std::string_view workspace_id);
    // There is work for a node, or a cancel.
    void wake_nodes() { announcements_.announce(); }
    // A running generation has got further.
    void progressed(std::string_view generation_id);
    // Tells of runs that have come to a standstill, and who waits that no machine asks for work or has the
    // model, or again does. Call it every second or so.
    void look_for_trouble(LiveBoard::Machines machines);
    // A run is over, or given up: what was live of it is gone.
    void ended(std::string_view generation_id);
    // The next words of an answer; `offset` counts the bytes before them.
    void said(std::string_view generation_id, std::size_t offset, std::string_view text);
    // The line has moved: tells those who wait where they stand now, soon. Moves in quick succession are told
    // once.
    void line_moved(const std::string& workspace_id);
    // Progress of everything active in the workspace, for a reader that has just come: (name, JSON) pairs.
    db::asio::awaitable<std::vector<events::Moment>> moments(std::string workspace_id);
    // The `progress` member for a generation, null when it is over. One that waits and is not among
    // `standings` hears of its place by itself: every change of the line is told to all who wait in it.
    [[nodiscard]] json::value progress_of(const Generation& generation, const Standings& standings) const;

  private:
    db::asio::awaitable<std::vector<events::Moment>> waiting_moments(std::string workspace_id);
    db::asio::awaitable<void> tell_line(std::string workspace_id);

    db::asio::any_io_executor executor_;
    db::Database& database_;
    events::Hub& hub_;
    queue::Announcements& announcements_;
    LiveBoard& live_;
    LiveShare* share_;  // null: there is only this server
    const Clock& clock_;
    std::set<std::string> lines_to_tell_;  // workspaces for which tell_line() is on its way
};

}  // namespace ourvidz::generations
