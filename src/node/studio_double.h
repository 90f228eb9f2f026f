// For tests: the server's side of the node's calls, over real sockets. It hands out the leases that a test
// gives it and remembers everything that a node says.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "base/json.h"
#include "http/server.h"
#include "http/test_support.h"

namespace ourvidz::node::testing {

struct AttemptRecord {
    std::vector<json::object> progress;
    std::vector<std::string> previews;  // webp
    std::map<std::string, std::string> files;
    std::vector<json::object> outputs;
    std::vector<json::object> finishes;
    int heartbeats = 0;
    [[nodiscard]] std::string text() const;  // of the progress reports, joined
};

class StudioDouble {
  public:
    StudioDouble();
    ~StudioDouble();

    [[nodiscard]] std::string url() const;
    // Waits for a node that wants its kind. Answers the attempt's id.
    std::string offer(json::object lease);
    void cancel(const std::string& attempt);
    void lose(const std::string& attempt);
    // The picture that the next leases with the input that this answers begin with.
    json::object set_source(std::string bytes, bool people_free);

    // Connections are refused until come_back().
    void go_away();
    void come_back();

    // Waits until `done` says so about the attempt; false after `patience_ms`.
    bool wait_for(const std::string& attempt, const std::function<bool(const AttemptRecord&)>& done,
                  int patience_ms = 60'000);
    bool wait_until_finished(const std::string& attempt, int patience_ms = 60'000);
    bool wait_for_status(const std::function<bool(const json::object&)>& done, int patience_ms = 60'000);
    [[nodiscard]] AttemptRecord record(const std::string& attempt) const;
    [[nodiscard]] int polls_for_work() const;

  private:
    struct Offered {
        std::string attempt;
        json::object lease;
    };
    using Answer = http::asio::awaitable<http::Response>;

    void start(std::uint16_t port);
    void add_routes();
    [[nodiscard]] Answer poll(http::Request request);
    [[nodiscard]] json::object news(const json::object& poll, int turn);
    [[nodiscard]] Answer take(http::Request request, std::string what);

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Offered> offered_;
    std::map<std::string, AttemptRecord> records_;
    std::set<std::string> canceled_;
    std::set<std::string> lost_;
    json::object status_;
    std::string source_;
    std::map<std::string, int> turns_;  // by node id: a newer poll ends the one before
    int next_ = 0;
    int polls_for_work_ = 0;
    std::uint16_t port_ = 0;
    http::testing::TemporaryFolder folder_;
    http::Router router_;
    std::unique_ptr<http::testing::TestServer> server_;
};

}  // namespace ourvidz::node::testing
