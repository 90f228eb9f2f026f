// HTTP in and out of generations.
#pragma once

#include <string>

#include "generations/live_board.h"
#include "generations/metrics.h"
#include "generations/notices.h"
#include "generations/prepare.h"
#include "http/server.h"

namespace ourvidz::generations {

class GenerationsApi {
  public:
    GenerationsApi(db::Database& database, const Preparer& preparer, LiveBoard& live, Notices& notices,
                   Metrics& metrics, const Clock& clock, std::string workspace_id, QueueLimits limits)
        : database_(database),
          preparer_(preparer),
          live_(live),
          notices_(notices),
          metrics_(metrics),
          clock_(clock),
          workspace_id_(std::move(workspace_id)),
          limits_(limits) {}
    void add_to(http::Router& router);

  private:
    struct Listed;
    http::asio::awaitable<http::Response> create(http::Request request);
    http::asio::awaitable<http::Response> list_page(http::Request request);
    http::asio::awaitable<http::Response> get(http::Request request);
    http::asio::awaitable<http::Response> cancel_one(http::Request request);
    http::asio::awaitable<http::Response> preview(http::Request request);
    [[nodiscard]] Result<Prepared> prepare(const http::Request& request) const;
    [[nodiscard]] Result<Submission> submission_of(const http::Request& request,
                                                   const Prepared& prepared) const;
    [[nodiscard]] Result<Standings> standings_for(db::Connection& connection,
                                                  const std::vector<Generation>& generations) const;

    db::Database& database_;
    const Preparer& preparer_;
    LiveBoard& live_;
    Notices& notices_;
    Metrics& metrics_;
    const Clock& clock_;
    std::string workspace_id_;
    const db::Scope scope_ = db::Scope::workspace(workspace_id_);
    QueueLimits limits_;
};

// The Generation of the API, with its progress and the words so far.
[[nodiscard]] json::object full_json(const Generation& generation, const Notices& notices, LiveBoard& live,
                                     const Standings& standings);

}  // namespace ourvidz::generations
