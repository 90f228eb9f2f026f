#include "assets/assets.h"

#include <algorithm>

#include "base/cursor.h"
#include "base/exact_integer.h"

namespace ourvidz::assets {
namespace {

json::object verdict_json(const safety::Verdict& verdict) {
    json::object body{{"decision", safety::to_string(verdict.decision)}};
    if (!verdict.reason_code.empty()) body["reason_code"] = verdict.reason_code;
    if (!verdict.sentence.empty()) body["sentence"] = verdict.sentence;
    return body;
}

json::object links_json(const Asset& asset) {
    json::object links;
    if (!asset.visible()) return links;
    const auto base = "/api/v1/assets/" + asset.id + "/content";
    for (const auto& file : asset.files) {
        links[file.variant] = file.variant == "original" ? base : base + "?variant=" + file.variant;
    }
    links["download"] = base + "?download=true";
    return links;
}

}  // namespace

std::string_view to_string(State state) {
    switch (state) {
        case State::staging:
            return "staging";
        case State::kept:
            return "kept";
        case State::discarded:
            break;
    }
    return "discarded";
}

State state_from(std::string_view name) {
    if (name == to_string(State::staging)) return State::staging;
    return name == to_string(State::kept) ? State::kept : State::discarded;
}

const AssetFile* Asset::file(std::string_view variant) const {
    const auto found =
        std::find_if(files.begin(), files.end(), [&](const auto& file) { return file.variant == variant; });
    return found == files.end() ? nullptr : &*found;
}

bool Asset::visible() const {
    const bool allowed =
        verdict.decision == safety::Decision::allow || verdict.decision == safety::Decision::standard_only;
    return allowed && verdict.policy == safety::policy_version;
}

json::object to_json(Asset asset) {
    const auto* original = asset.file("original");
    return json::object{
        {"id", asset.id},
        {"generation_id", or_null(asset.generation_id)},
        {"position", asset.position},
        {"medium", asset.medium},
        {"state", to_string(asset.state)},
        {"content_type", original != nullptr ? original->content_type : ""},
        {"width", asset.width},
        {"height", asset.height},
        {"duration_ms", or_null(asset.duration_ms)},
        {"bytes", original != nullptr ? original->bytes : 0},
        {"sha256", original != nullptr ? original->sha256 : ""},
        {"seed", asset.seed ? exact_integer(*asset.seed) : json::value(nullptr)},
        {"recipe", std::move(asset.recipe)},
        {"facts", std::move(asset.facts)},
        {"created_at", to_rfc3339(asset.created_at)},
        {"discarded_at", or_null(to_rfc3339(asset.discarded_at))},
        {"verdict", verdict_json(asset.verdict)},
        {"links", links_json(asset)},
    };
}

}  // namespace ourvidz::assets
