// The user's event stream over server-sent events.
#pragma once

#include <string>

#include "events/event_log.h"
#include "events/hub.h"
#include "generations/live_board.h"
#include "generations/notices.h"
#include "http/server.h"

namespace ourvidz::generations {

class EventsApi {
  public:
    EventsApi(db::Database& database, events::Hub& hub, LiveBoard& live, Notices& notices,
              std::string workspace_id)
        : database_(database),
          hub_(hub),
          live_(live),
          notices_(notices),
          workspace_id_(std::move(workspace_id)) {}
    void add_to(http::Router& router);

  private:
    http::asio::awaitable<http::Response> open(http::Request request);
    http::asio::awaitable<void> run(http::Stream& stream, std::optional<std::int64_t> after);
    http::asio::awaitable<bool> greet(http::Stream& stream, std::optional<std::int64_t>& after);
    http::asio::awaitable<bool> replay(http::Stream& stream, std::int64_t& after);

    db::Database& database_;
    events::Hub& hub_;
    LiveBoard& live_;
    Notices& notices_;
    std::string workspace_id_;
    const db::Scope scope_ = db::Scope::workspace(workspace_id_);
};

}  // namespace ourvidz::generations
