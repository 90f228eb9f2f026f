#include "node/lease.h"

#include <algorithm>

namespace ourvidz::node {
namespace {

// Reads fields of an answer by our own server: of the wrong type counts as absent.
std::string text_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

double number_of(const json::object& object, std::string_view name, double otherwise) {
    const auto* value = object.if_contains(name);
    if (!value || !value->is_number()) return otherwise;
    return value->to_number<double>();
}

std::int64_t integer_of(const json::object& object, std::string_view name, std::int64_t otherwise) {
    const auto* value = object.if_contains(name);
    if (!value || !value->is_number()) return otherwise;
    boost::system::error_code error;
    const auto number = value->to_number<std::int64_t>(error);
    return error ? otherwise : number;
}

int small_integer_of(const json::object& object, std::string_view name, int otherwise) {
    return static_cast<int>(std::clamp<std::int64_t>(integer_of(object, name, otherwise), 0, 1'000'000'000));
}

const json::array& array_of(const json::object& object, std::string_view name) {
    static const json::array nothing;
    const auto* value = object.if_contains(name);
    return value && value->is_array() ? value->get_array() : nothing;
}

const json::object& object_of(const json::object& object, std::string_view name) {
    static const json::object nothing;
    const auto* value = object.if_contains(name);
    return value && value->is_object() ? value->get_object() : nothing;
}

std::vector<std::string> texts_of(const json::object& object, std::string_view name) {
    std::vector<std::string> texts;
    for (const auto& value : array_of(object, name)) {
        if (value.is_string()) texts.emplace_back(value.get_string());
    }
    return texts;
}

Result<Lease> lease_from(const json::object& body) {
    Lease lease;
    lease.attempt_id = text_of(body, "attempt_id");
    lease.fence = integer_of(body, "fence", -1);
    lease.kind = text_of(body, "kind");
    lease.model = text_of(body, "model");
    if (lease.attempt_id.empty() || lease.fence < 0 || lease.kind.empty() || lease.model.empty())
        return Error{
            ErrorCode::malformed_body, "The server sent a lease without attempt, fence, kind or model.", {}};
    lease.job_id = text_of(body, "job_id");
    lease.generation_id = text_of(body, "generation_id");
    lease.settings = kinds::settings_from(object_of(body, "settings"));
    lease.batch = std::clamp(small_integer_of(body, "batch", 1), 1, static_cast<int>(kinds::batch_max));
    lease.lease_ms = small_integer_of(body, "lease_ms", 0);
    if (const double share = number_of(body, "draw_share", -1); share >= 0)
        lease.draw_share = std::min(share, 1.0);
    for (const auto& message : array_of(body, "messages")) {
        if (!message.is_object()) continue;
        lease.messages.push_back(
            {text_of(message.get_object(), "role"), text_of(message.get_object(), "text")});
    }
    for (const auto& item : array_of(body, "inputs")) {
        if (!item.is_object()) continue;
        const auto& input = item.get_object();
        const auto* people_free = input.if_contains("people_free");
        lease.inputs.push_back({text_of(input, "role"), text_of(input, "url"), text_of(input, "sha256"),
                                people_free && people_free->is_bool() && people_free->get_bool()});
    }
    for (const auto& position : array_of(body, "done_positions")) {
        if (position.is_number()) lease.done_positions.insert(position.to_number<int>());
    }
    return lease;
}

}  // namespace

const Input* Lease::input(std::string_view role) const {
    const auto found =
        std::find_if(inputs.begin(), inputs.end(), [role](const Input& one) { return one.role == role; });
    return found == inputs.end() ? nullptr : &*found;
}

Result<News> news_from(const json::value& body) {
    if (!body.is_object())
        return Error{ErrorCode::malformed_body, "The server's answer to the poll is no object.", {}};
    const json::object& object = body.get_object();
    News news;
    for (const auto& value : array_of(object, "leases")) {
        if (!value.is_object()) continue;
        OURVIDZ_TRY(lease, lease_from(value.get_object()));
        news.leases.push_back(std::move(lease));
    }
    news.cancels = texts_of(object, "cancels");
    news.lost = texts_of(object, "lost");
    return news;
}

kinds::ResolvedPrompt prompt_at(const kinds::Settings& settings, int position) {
    const auto index = static_cast<std::size_t>(std::max(0, position));
    if (index < settings.resolved.size()) return settings.resolved[index];
    return {settings.prompt.value_or(""), settings.negative_prompt.value_or("")};
}

}  // namespace ourvidz::node
