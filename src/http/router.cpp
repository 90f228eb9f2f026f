#include <algorithm>
#include <cassert>

#include "http/server.h"
#include "http/url.h"

namespace ourvidz::http {
namespace {

constexpr std::size_t segments_max = 64;

std::vector<std::string_view> split_path(std::string_view path) {
    assert(path.starts_with('/'));
    path.remove_prefix(1);
    std::vector<std::string_view> segments;
    segments.reserve(8);
    while (segments.size() < segments_max) {
        const auto slash = path.find('/');
        segments.push_back(path.substr(0, slash));
        if (slash == std::string_view::npos) break;
        path.remove_prefix(slash + 1);
    }
    return segments;
}

bool is_parameter(std::string_view segment) {
    return segment.starts_with('{') && segment.ends_with('}');
}

std::string join(const std::vector<std::string>& segments, std::size_t from) {
    std::string text;
    for (std::size_t i = from; i < segments.size(); ++i) {
        if (i > from) text += '/';
        text += segments[i];
    }
    return text;
}

Fields bind_parameters(std::string_view pattern, const std::vector<std::string>& segments,
                       std::size_t rest_from) {
    Fields parameters;
    if (pattern.find_first_of("{*") == std::string_view::npos) return parameters;
    const auto parts = split_path(pattern);
    for (std::size_t i = 0; i < parts.size() && i < segments.size(); ++i) {
        if (is_parameter(parts[i])) parameters.emplace(parts[i].substr(1, parts[i].size() - 2), segments[i]);
    }
    if (pattern.ends_with("/*")) parameters.emplace("*", join(segments, rest_from));
    return parameters;
}

}  // namespace

void Router::add(std::string method, std::string pattern, RouteOptions options, Handler handler) {
    add(Route{std::move(method), std::move(pattern), options, std::move(handler), {}});
}

void Router::add(std::string method, std::string pattern, RouteOptions options, Admit admit) {
    add(Route{std::move(method), std::move(pattern), options, {}, std::move(admit)});
}

void Router::add(Route route) {
    std::size_t node = 0;
    const bool rest = route.pattern.ends_with("/*");
    auto parts = split_path(route.pattern);
    if (rest) parts.pop_back();
    for (const auto part : parts) {
        std::size_t next = 0;
        if (is_parameter(part)) {
            next = nodes_[node].parameter;
        } else if (const auto known = nodes_[node].literal.find(part); known != nodes_[node].literal.end()) {
            next = known->second;
        }
        if (next == 0) {
            next = nodes_.size();
            if (is_parameter(part)) {
                nodes_[node].parameter = next;
            } else {
                nodes_[node].literal.emplace(part, next);
            }
            nodes_.emplace_back();
        }
        node = next;
    }
    auto& here = rest ? nodes_[node].rest : nodes_[node].ends;
    for (const auto index : here) {
        (void)index;
        assert(routes_[index].method != route.method && "two handlers for one method and path");
    }
    here.push_back(routes_.size());
    routes_.push_back(std::move(route));
}

// The routes of the most specific pattern that fits, or null.
const std::vector<std::size_t>* Router::descend(std::size_t node, const std::vector<std::string>& segments,
                                                std::size_t at, std::size_t& rest_from) const {
    const auto& here = nodes_[node];
    if (at == segments.size()) {
        if (!here.ends.empty()) return &here.ends;
    } else {
        if (const auto next = here.literal.find(segments[at]); next != here.literal.end()) {
            if (const auto* found = descend(next->second, segments, at + 1, rest_from)) return found;
        }
        if (here.parameter != 0 && !segments[at].empty()) {
            if (const auto* found = descend(here.parameter, segments, at + 1, rest_from)) return found;
        }
    }
    if (here.rest.empty()) return nullptr;
    rest_from = at;
    return &here.rest;
}

Router::Match Router::find(std::string_view method, std::string_view path) const {
    Match match;
    if (!path.starts_with('/')) return match;
    std::vector<std::string> segments;
    segments.reserve(8);
    for (const auto raw : split_path(path)) {
        auto decoded = percent_decode(raw);
        if (!decoded) return match;
        segments.push_back(std::move(*decoded));
    }
    std::size_t rest_from = 0;
    const auto* indexes = descend(0, segments, 0, rest_from);
    if (indexes == nullptr) return match;
    const auto with_method = [&](std::string_view wanted) -> const Route* {
        for (const auto index : *indexes) {
            if (routes_[index].method == wanted) return &routes_[index];
        }
        return nullptr;
    };
    match.route = with_method(method);
    if (match.route == nullptr && method == "HEAD") match.route = with_method("GET");
    if (match.route != nullptr) {
        match.parameters = bind_parameters(match.route->pattern, segments, rest_from);
        return match;
    }
    std::vector<std::string_view> allowed;
    for (const auto index : *indexes) allowed.push_back(routes_[index].method);
    if (with_method("GET") != nullptr && with_method("HEAD") == nullptr) allowed.emplace_back("HEAD");
    std::sort(allowed.begin(), allowed.end());
    for (const auto name : allowed) {
        if (!match.allowed_methods.empty()) match.allowed_methods += ", ";
        match.allowed_methods += name;
    }
    return match;
}

}  // namespace ourvidz::http
