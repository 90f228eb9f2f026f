// What a server does by itself every now and then: it forgets what is old, purges the trash, sweeps files
// that belong to nothing, judges again what earlier rules have judged, and proves that the books and the
// database are right.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "assets/purge.h"
#include "base/clock.h"
#include "db/database.h"
#include "files/file_store.h"
#include "generations/metrics.h"
#include "safety/gate.h"
#include "studio/module.h"

namespace ourvidz {

class Housekeeping {
  public:
    struct Parts {
        db::Database& database;
        files::FileStore& files;
        const safety::Gate& gate;
        generations::Metrics& metrics;
        const Clock& clock;
        assets::Others others;
        UnixMs trash_kept_ms = 0;
        // The event log of a workspace has grown. Called on a thread of its own.
        std::function<void(const std::string& workspace_id)> changed;
    };
    explicit Housekeeping(Parts parts) : parts_(parts) {}
    // The files are told the last that there is to know of the database.
    ~Housekeeping();
    Housekeeping(const Housekeeping&) = delete;
    Housekeeping& operator=(const Housekeeping&) = delete;

    // Before start().
    void add(std::vector<studio::Sweep> sweeps, std::vector<studio::Audit> audits);

    // Works for as long as the io_context runs.
    void start(boost::asio::io_context& io);

    // Purges what is due, soon. Thread-safe.
    void purge_soon();

    // What is wrong, as sentences for the health page; empty: nothing that we know of. Thread-safe.
    struct Findings {
        std::string database;
        std::string files;
    };
    [[nodiscard]] Findings findings() const;

  private:
    enum class Trust { not_yet, yes, no };

    boost::asio::awaitable<void> repeat(std::chrono::milliseconds first, std::chrono::milliseconds every,
                                        void (Housekeeping::*work)());
    // Each on the pool's thread.
    void beat();
    void examine();
    void audit();
    void clean();
    void check_again();
    void purge();
    void wipe();
    [[nodiscard]] Result<bool> purge_some();
    [[nodiscard]] Result<void> forget(UnixMs now);
    [[nodiscard]] bool trusted() const;
    void note(std::string Findings::*where, std::string text);

    Parts parts_;
    std::vector<studio::Sweep> sweeps_;
    std::vector<studio::Audit> audits_;
    std::atomic<bool> purge_asked_ = false;
    bool beats_ = false;              // the last one was well; of the pool's thread
    bool wipe_due_ = false;           // of the pool's thread
    Trust sound_ = Trust::not_yet;    // of the pool's thread
    Trust audited_ = Trust::not_yet;  // of the pool's thread
    mutable std::mutex mutex_;
    Findings findings_;
    bool older_copy_ = false;           // as the last beat found
    std::string halves_;                // why database and files are not one store; empty: they are
    boost::asio::thread_pool pool_{1};  // last, so that it is stopped first
};

}  // namespace ourvidz
