// What the server makes itself, without a node: the jobs of the line "server", which enlarge pictures. They
// are taken with a lease like those of any node, under a name of this process alone: if it ends, its leases
// run out and another server takes them up.
//
// The picture is decoded, enlarged and encoded by a media worker of the workbench's own, which ends when
// nothing waits for it. What comes out is judged like what a node makes.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "db/database.h"
#include "files/file_store.h"
#include "generations/generations_jobs.h"
#include "generations/live_board.h"
#include "generations/metrics.h"
#include "generations/notices.h"
#include "media/media_client.h"
#include "queue/announcements.h"
#include "queue/queue.h"
#include "safety/gate.h"

namespace ourvidz::workbench {

// Belongs to the I/O thread, apart from the thread on which it works.
class Workbench {
  public:
    struct Parts {
        db::Database& database;
        files::FileStore& files;
        const safety::Gate& gate;
        queue::Announcements& announcements;
        generations::LiveBoard& live;
        generations::Notices& notices;
        generations::Metrics& metrics;
        const Clock& clock;
    };
    Workbench(Parts parts, queue::Policy policy, media::MediaOptions media);
    ~Workbench();

    // Takes one job after the other until stop().
    boost::asio::awaitable<void> work();
    // What is at work is given back.
    void stop();
    [[nodiscard]] bool at_work() const { return attempt_ != nullptr; }

  private:
    struct Attempt;
    struct Made;
    class Thread;
    using Taken = std::shared_ptr<Attempt>;

    [[nodiscard]] Result<Taken> claim(db::Connection& connection) const;
    boost::asio::awaitable<Result<Taken>> take();
    boost::asio::awaitable<void> run(Taken attempt);
    boost::asio::awaitable<void> keep_lease(Taken attempt);
    boost::asio::awaitable<Result<assets::Asset>> source_of(Taken attempt);
    boost::asio::awaitable<void> report(Taken attempt, Result<Made> made);
    void advance(const Taken& attempt, double fraction);
    // On the thread of its own.
    [[nodiscard]] Result<media::MediaClient*> media();
    [[nodiscard]] Result<Made> enlarge(const Attempt& attempt, const assets::Asset& source,
                                       const std::function<void(double)>& enlarged);

    Parts parts_;
    const queue::Policy policy_;
    const media::MediaOptions media_options_;
    const db::Scope server_ = db::Scope::server();
    const std::string id_;
    bool stopping_ = false;
    Taken attempt_;                              // null: nothing is at work
    std::unique_ptr<media::MediaClient> media_;  // null until it is needed
    std::unique_ptr<Thread> thread_;             // last, so that it ends first
};

}  // namespace ourvidz::workbench
