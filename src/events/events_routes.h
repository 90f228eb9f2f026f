// The event stream of a workspace over server-sent events.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "events/event_log.h"
#include "events/hub.h"
#include "events/subjects.h"
#include "identity/door.h"

namespace ourvidz::events {

// What goes on in a workspace right now, for a reader that has just come.
using Moments = std::function<asio::awaitable<std::vector<Moment>>(std::string workspace_id)>;

class EventsApi {
  public:
    EventsApi(Hub& hub, Subjects subjects, Moments moments)
        : hub_(hub), subjects_(std::move(subjects)), moments_(std::move(moments)) {}
    [[nodiscard]] identity::Routes routes();

  private:
    struct Told;
    identity::Answer open(identity::Call call);
    asio::awaitable<void> run(identity::Caller caller, http::Stream& stream,
                              std::optional<std::int64_t> after);
    asio::awaitable<bool> greet(const identity::Caller& caller, http::Stream& stream,
                                std::optional<std::int64_t>& after);
    asio::awaitable<bool> replay(const identity::Caller& caller, http::Stream& stream, std::int64_t& after);
    [[nodiscard]] Result<std::vector<Told>> read_told(db::Connection& connection,
                                                      const std::string& workspace_id,
                                                      std::int64_t after) const;

    Hub& hub_;
    Subjects subjects_;
    Moments moments_;
};

}  // namespace ourvidz::events
