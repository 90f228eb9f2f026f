// What only the operator may do. Every call carries the operator's token, which never leaves the server's
// machine.
#pragma once

#include <string>

#include "catalog/catalog.h"
#include "generations/metrics.h"
#include "generations/notices.h"
#include "generations/operator_jobs.h"
#include "http/server.h"
#include "prompts/word_lists.h"

namespace ourvidz::generations {

class OperatorApi {
  public:
    struct Parts {
        db::Database& database;
        const catalog::Catalog& catalog;
        const safety::Gate& gate;
        const prompts::WordListFolder& word_lists;
        Notices& notices;
        Metrics& metrics;
        const Clock& clock;
        int queue_max;
    };
    OperatorApi(Parts parts, std::string token) : parts_(parts), token_(std::move(token)) {}
    void add_to(http::Router& router);

  private:
    using Answer = http::asio::awaitable<http::Response>;
    http::Handler guarded(Answer (OperatorApi::*method)(http::Request));
    Answer jobs(http::Request request);
    Answer retry_one(http::Request request);

    struct Prepared;
    [[nodiscard]] Result<Prepared> prepare(const Generation& failed) const;

    Parts parts_;
    std::string token_;
    const db::Scope server_ = db::Scope::server();
};

}  // namespace ourvidz::generations
