// HTTP in and out of generations.
#pragma once

#include <string>

#include "generations/live_board.h"
#include "generations/metrics.h"
#include "generations/notices.h"
#include "generations/prepare.h"
#include "http/limited_pool.h"
#include "http/server.h"

namespace ourvidz::generations {

class GenerationsApi {
  public:
    // `readers`: the threads on which requests are read and judged, `writers`: those on which long answers
    // are written, since the I/O thread must not.
    GenerationsApi(db::Database& database, const Preparer& preparer, http::LimitedPool& readers,
                   http::LimitedPool& writers, LiveBoard& live, Notices& notices, Metrics& metrics,
                   const Clock& clock, std::string workspace_id, QueueLimits limits)
        : database_(database),
          preparer_(preparer),
          readers_(readers),
          writers_(writers),
          live_(live),
          notices_(notices),
          metrics_(metrics),
          clock_(clock),
          workspace_id_(std::move(workspace_id)),
          limits_(limits) {}
    void add_to(http::Router& router);

  private:
    struct Listed;
    struct Asked;
    http::asio::awaitable<http::Response> create(http::Request request);
    http::asio::awaitable<http::Response> list_page(http::Request request);
    http::asio::awaitable<http::Response> get(http::Request request);
    http::asio::awaitable<http::Response> cancel_one(http::Request request);
    http::asio::awaitable<http::Response> preview(http::Request request);
    http::asio::awaitable<Result<Asked>> ask(http::Request request);
    [[nodiscard]] Result<Asked> read(const http::Request& request) const;
    [[nodiscard]] Result<Submission> submission_of(const http::Request& request,
                                                   const Prepared& prepared) const;
    [[nodiscard]] Result<Standings> standings_for(db::Connection& connection,
                                                  const std::vector<Generation>& generations) const;

    db::Database& database_;
    const Preparer& preparer_;
    http::LimitedPool& readers_;
    http::LimitedPool& writers_;
    LiveBoard& live_;
    Notices& notices_;
    Metrics& metrics_;
    const Clock& clock_;
    std::string workspace_id_;
    const db::Scope scope_ = db::Scope::workspace(workspace_id_);
    QueueLimits limits_;
};

// What the board knows of a generation beside its row.
struct LiveParts {
    json::value progress;
    std::optional<std::string> text;  // the words so far
};
[[nodiscard]] LiveParts live_parts(const Generation& generation, const Notices& notices, LiveBoard& live,
                                   const Standings& standings);
// The Generation of the API. Of any thread, where live_parts() is for the I/O thread.
[[nodiscard]] json::object full_json(const Generation& generation, LiveParts parts);
// Both.
[[nodiscard]] json::object full_json(const Generation& generation, const Notices& notices, LiveBoard& live,
                                     const Standings& standings);

}  // namespace ourvidz::generations
