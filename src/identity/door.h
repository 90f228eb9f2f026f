// The one way into the API: every route of every domain is opened here, with the permission that it needs.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "identity/call.h"

namespace ourvidz::identity {

// One operation of the API. Nothing has a default: a route that does not say who may call it does not
// compile.
class Route {
  public:
    using Handler = std::function<Answer(Call)>;

    Route(std::string method, std::string pattern, Permission permission, http::RouteOptions options,
          Handler handler)
        : method_(std::move(method)),
          pattern_(std::move(pattern)),
          permission_(permission),
          options_(options),
          handler_(std::move(handler)) {}
    // `api`, which outlives the route, handles it.
    template <class Api>
    Route(std::string method, std::string pattern, Permission permission, http::RouteOptions options,
          Api* api, Answer (Api::*handle)(Call))
        : Route(std::move(method), std::move(pattern), permission, options,
                [api, handle](Call call) { return (api->*handle)(std::move(call)); }) {}

    [[nodiscard]] const std::string& method() const { return method_; }
    [[nodiscard]] const std::string& pattern() const { return pattern_; }
    [[nodiscard]] Permission permission() const { return permission_; }
    [[nodiscard]] const http::RouteOptions& options() const { return options_; }
    [[nodiscard]] const Handler& handler() const { return handler_; }

  private:
    std::string method_;
    std::string pattern_;
    Permission permission_;
    http::RouteOptions options_;
    Handler handler_;
};
using Routes = std::vector<Route>;

// What opens more than the local owner's things. An empty token is shown by nobody.
struct Tokens {
    std::string node;
    std::string studio_operator;
};

class Door {
  public:
    // Whoever shows no token of `tokens` is the local owner of `local_workspace`. `database` outlives the
    // door.
    Door(db::Database& database, Tokens tokens, std::string local_workspace);
    Door(const Door&) = delete;
    Door& operator=(const Door&) = delete;

    // Adds the routes to `router`, which the door outlives.
    void open(Routes routes, http::Router& router);
    // All that were opened.
    [[nodiscard]] const std::deque<Route>& routes() const { return routes_; }
    // Who calls. Tokens are compared in a time that says nothing about them.
    [[nodiscard]] Principal principal_of(const http::Request& head) const;

  private:
    [[nodiscard]] http::Admission admit(const Route& route, const http::Request& head) const;

    db::Database& database_;
    Tokens tokens_;
    std::string local_workspace_;
    std::deque<Route> routes_;  // the router points to them
};

}  // namespace ourvidz::identity
