// What a handler is given: a request, and who makes it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/result.h"
#include "db/database.h"
#include "http/server.h"
#include "identity/principal.h"

namespace ourvidz::identity {

// A principal with the part of the database that is theirs: a handler that reads and writes through its
// caller cannot name another's workspace. Cheap to copy; streams and sweeps that go on after the request keep
// one.
class Caller {
  public:
    // `database` outlives the caller.
    Caller(Principal principal, db::Database& database)
        : principal_(std::move(principal)), database_(&database) {}

    [[nodiscard]] const Principal& principal() const { return principal_; }
    // Empty for callers without a workspace; those get no permission that needs one.
    [[nodiscard]] const std::string& workspace_id() const { return principal_.workspace_id; }

    // db::Database's read() and write(), in the caller's scope: their workspace, or the server itself for who
    // has none.
    template <class F>
    auto read(F work) const -> db::asio::awaitable<std::invoke_result_t<F&, db::Connection&>> {
        return database_->read(scope(), std::move(work));
    }
    template <class F>
    auto write(F work, db::Durability durability = db::Durability::durable) const
        -> db::asio::awaitable<std::invoke_result_t<F&, db::Connection&>> {
        return database_->write(scope(), std::move(work), durability);
    }

  private:
    [[nodiscard]] db::Scope scope() const {
        return principal_.workspace_id.empty() ? db::Scope::server()
                                               : db::Scope::workspace(principal_.workspace_id);
    }

    Principal principal_;
    db::Database* database_;
};

struct Call {
    http::Request request;
    Caller caller;
};

// Of a handler. An error is answered as problem+json (http/problem.h).
using Answer = boost::asio::awaitable<Result<http::Response>>;

}  // namespace ourvidz::identity
