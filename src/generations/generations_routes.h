// HTTP in and out of generations.
#pragma once

#include <string>

#include "catalog/catalog.h"
#include "generations/live_board.h"
#include "generations/metrics.h"
#include "generations/notices.h"
#include "generations/submit.h"
#include "http/server.h"
#include "prompts/word_lists.h"

namespace ourvidz::generations {

class GenerationsApi {
  public:
    GenerationsApi(db::Database& database, const catalog::Catalog& catalog, const safety::Gate& gate,
                   LiveBoard& live, Notices& notices, Metrics& metrics, const Clock& clock,
                   const prompts::WordListFolder& word_lists, std::string workspace_id, int queue_max)
        : database_(database),
          catalog_(catalog),
          gate_(gate),
          live_(live),
          notices_(notices),
          metrics_(metrics),
          clock_(clock),
          word_lists_(word_lists),
          workspace_id_(std::move(workspace_id)),
          queue_max_(queue_max) {}
    void add_to(http::Router& router);

  private:
    struct Prepared;
    http::asio::awaitable<http::Response> create(http::Request request);
    http::asio::awaitable<http::Response> list_page(http::Request request);
    http::asio::awaitable<http::Response> get(http::Request request);
    http::asio::awaitable<http::Response> cancel_one(http::Request request);
    http::asio::awaitable<http::Response> preview(http::Request request);
    [[nodiscard]] Result<Prepared> prepare(const http::Request& request) const;

    db::Database& database_;
    const catalog::Catalog& catalog_;
    const safety::Gate& gate_;
    LiveBoard& live_;
    Notices& notices_;
    Metrics& metrics_;
    const Clock& clock_;
    const prompts::WordListFolder& word_lists_;
    std::string workspace_id_;
    const db::Scope scope_ = db::Scope::workspace(workspace_id_);
    int queue_max_;
};

// The Generation of the API, with its progress and the words so far.
[[nodiscard]] json::object full_json(const Generation& generation, const Notices& notices, LiveBoard& live);

}  // namespace ourvidz::generations
