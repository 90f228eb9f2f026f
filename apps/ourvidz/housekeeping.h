// What a server does by itself every now and then: it forgets what is old, sweeps files that belong to
// nothing, and proves that the books and the database are right.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "db/database.h"
#include "files/file_store.h"
#include "generations/metrics.h"
#include "studio/module.h"

namespace ourvidz {

class Housekeeping {
  public:
    struct Parts {
        db::Database& database;
        files::FileStore& files;
        generations::Metrics& metrics;
        const Clock& clock;
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
    [[nodiscard]] Result<void> forget(UnixMs now);
    [[nodiscard]] bool trusted() const;
    void note(std::string Findings::*where, std::string text);

    Parts parts_;
    std::vector<studio::Sweep> sweeps_;
    std::vector<studio::Audit> audits_;
    bool beats_ = false;              // the last one was well; of the pool's thread
    Trust sound_ = Trust::not_yet;    // of the pool's thread
    Trust audited_ = Trust::not_yet;  // of the pool's thread
    mutable std::mutex mutex_;
    Findings findings_;
    std::string halves_;                // why database and files are not one store; empty: they are
    boost::asio::thread_pool pool_{1};  // last, so that it is stopped first
};

}  // namespace ourvidz
