// What somebody does with their own waiting generations: pause, resume, move, change.
#pragma once

#include <string>

#include "generations/edit.h"
#include "generations/notices.h"
#include "http/limited_pool.h"
#include "http/server.h"

namespace ourvidz::generations {

class QueueApi {
  public:
    // `readers` as for GenerationsApi.
    QueueApi(db::Database& database, const Preparer& preparer, http::LimitedPool& readers, LiveBoard& live,
             Notices& notices, const Clock& clock, std::string workspace_id)
        : database_(database),
          preparer_(preparer),
          readers_(readers),
          live_(live),
          notices_(notices),
          clock_(clock),
          workspace_id_(std::move(workspace_id)) {}
    void add_to(http::Router& router);

  private:
    using Answer = http::asio::awaitable<http::Response>;
    Answer set_paused(http::Request request, bool paused);
    Answer move(http::Request request);
    Answer edit(http::Request request);
    Answer changed(Result<Generation> generation);

    db::Database& database_;
    const Preparer& preparer_;
    http::LimitedPool& readers_;
    LiveBoard& live_;
    Notices& notices_;
    const Clock& clock_;
    std::string workspace_id_;
    const db::Scope scope_ = db::Scope::workspace(workspace_id_);
};

}  // namespace ourvidz::generations
