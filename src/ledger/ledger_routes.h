// HTTP in and out of the ledger.
#pragma once

#include <string>

#include "http/server.h"
#include "ledger/ledger.h"

namespace ourvidz::ledger {

class LedgerApi {
  public:
    LedgerApi(db::Database& database, std::string workspace_id)
        : database_(database), workspace_id_(std::move(workspace_id)) {}
    void add_to(http::Router& router);

  private:
    http::asio::awaitable<http::Response> show(http::Request request);

    db::Database& database_;
    std::string workspace_id_;
    const db::Scope scope_ = db::Scope::workspace(workspace_id_);
};

}  // namespace ourvidz::ledger
