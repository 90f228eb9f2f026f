// What only the operator may do. Every call carries the operator's token, which never leaves the server's
// machine.
#pragma once

#include <string>

#include "generations/metrics.h"
#include "generations/notices.h"
#include "generations/operator_jobs.h"
#include "generations/prepare.h"
#include "http/limited_pool.h"
#include "http/server.h"

namespace ourvidz::generations {

class OperatorApi {
  public:
    struct Parts {
        db::Database& database;
        const Preparer& preparer;
        http::LimitedPool& readers;  // as for GenerationsApi
        Notices& notices;
        Metrics& metrics;
        const Clock& clock;
        QueueLimits limits;
    };
    OperatorApi(Parts parts, std::string token) : parts_(parts), token_(std::move(token)) {}
    void add_to(http::Router& router);

  private:
    using Answer = http::asio::awaitable<http::Response>;
    http::Handler guarded(Answer (OperatorApi::*method)(http::Request));
    Answer jobs(http::Request request);
    Answer retry_one(http::Request request);

    struct Again {
        safety::Cleared<NewGeneration> request;
        Submission submission;
    };
    [[nodiscard]] Result<Again> again(const Generation& failed) const;

    Parts parts_;
    std::string token_;
    const db::Scope server_ = db::Scope::server();
};

}  // namespace ourvidz::generations
