#include "identity/door.h"

#include <openssl/crypto.h>

#include "http/problem.h"

namespace ourvidz::identity {
namespace {

bool shows(const http::Request& head, std::string_view token) {
    constexpr std::string_view scheme = "Bearer ";
    const auto given = head.header("authorization");
    return !token.empty() && given.size() == scheme.size() + token.size() && given.starts_with(scheme) &&
           CRYPTO_memcmp(given.data() + scheme.size(), token.data(), token.size()) == 0;
}

// Who showed nothing may have something to show.
Error refusal(const Principal& principal, Permission permission) {
    if (permission == Permission::work)
        return {ErrorCode::unauthenticated, "This call needs the node's token.", ""};
    if (permission == Permission::operate)
        return {ErrorCode::unauthenticated, "This call needs the operator's token.", ""};
    return {ErrorCode::forbidden,
            principal.kind == Principal::Kind::node ? "The node's token opens nothing but what nodes need."
                                                    : "The operator's token opens nothing of a workspace.",
            ""};
}

http::asio::awaitable<http::Response> answer(const Route& route, Call call) {
    auto answer = co_await route.handler()(std::move(call));
    co_return answer.ok() ? std::move(*answer) : http::problem(answer.error());
}

}  // namespace

Door::Door(db::Database& database, Tokens tokens, std::string local_workspace)
    : database_(database), tokens_(std::move(tokens)), local_workspace_(std::move(local_workspace)) {}

void Door::open(Routes routes, http::Router& router) {
    for (auto& one : routes) {
        const auto& route = routes_.emplace_back(std::move(one));
        http::Admit ask = [this,
                           &route](const http::Request& head) -> http::asio::awaitable<http::Admission> {
            co_return admit(route, head);
        };
        router.add(route.method(), route.pattern(), route.options(), std::move(ask));
    }
}

Principal Door::principal_of(const http::Request& head) const {
    if (shows(head, tokens_.node)) return {Principal::Kind::node, ""};
    if (shows(head, tokens_.studio_operator)) return {Principal::Kind::studio_operator, ""};
    return {Principal::Kind::local_owner, local_workspace_};
}

http::Admission Door::admit(const Route& route, const http::Request& head) const {
    auto principal = principal_of(head);
    if (!principal.may(route.permission())) return http::problem(refusal(principal, route.permission()));
    return http::Handler([&route, caller = Caller(std::move(principal), database_)](http::Request request) {
        return answer(route, Call{std::move(request), caller});
    });
}

}  // namespace ourvidz::identity
