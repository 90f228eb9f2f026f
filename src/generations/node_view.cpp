#include "generations/node_view.h"

#include <algorithm>
#include <limits>

namespace ourvidz::generations {
namespace {

constexpr std::size_t places_max = 64;
constexpr std::size_t place_name_bytes_max = 128;
constexpr std::int64_t memory_mb_max = 1 << 24;
constexpr std::int64_t ms_max = std::numeric_limits<std::int32_t>::max();

}  // namespace

Result<NodeCard> read_card(const json::object& body) {
    FieldReader reader(body, "card.");
    NodeCard card;
    card.memory_mb = static_cast<int>(reader.required_integer("memory_mb", 0, memory_mb_max));
    const auto* places = reader.array("places", places_max);
    if (places == nullptr) reader.fail("places", "is required");
    OURVIDZ_CHECK(reader.finish());
    for (std::size_t i = 0; i < places->size(); ++i) {
        const auto path = "card.places[" + std::to_string(i) + "]";
        if (!(*places)[i].is_object()) return invalid_field(path, "must be an object");
        FieldReader one((*places)[i].get_object(), path + ".");
        NodePlace place;
        place.line = one.required_text("line", place_name_bytes_max);
        if (!kinds::medium_named(place.line)) one.fail("line", "is no line");
        place.model = one.text("model", place_name_bytes_max).value_or("");
        place.memory_mb = static_cast<int>(one.integer("memory_mb", 0, memory_mb_max).value_or(0));
        place.pinned = one.boolean("pinned").value_or(false);
        place.loaded_for_ms =
            one.integer("loaded_for_ms", 0, std::numeric_limits<std::int64_t>::max()).value_or(0);
        place.load_ms = one.integer("load_ms", 0, ms_max).value_or(0);
        OURVIDZ_CHECK(one.finish());
        card.places.push_back(std::move(place));
    }
    return card;
}

std::string node_of(std::string_view place_id) {
    return std::string(place_id.substr(0, place_id.find('/')));
}

std::vector<std::string> lines_of(const catalog::Catalog& catalog, const std::vector<std::string>& kinds) {
    std::vector<std::string> lines;
    for (const auto& name : kinds) {
        const auto* kind = kinds::find(name);
        if (kind == nullptr) continue;
        const auto entry = catalog.resolve(name);
        const std::string line(
            kinds::to_string(entry.ok() ? catalog::line_of(**entry, *kind) : kind->medium()));
        if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(line);
    }
    return lines;
}

queue::Ask ask_of(const NodeCard* card, const catalog::Catalog& catalog, std::string place_id,
                  std::string line, std::vector<std::string> kinds, UnixMs now) {
    queue::Ask ask;
    ask.node_id = std::move(place_id);
    ask.line = std::move(line);
    ask.kinds = std::move(kinds);
    if (card == nullptr || now - card->seen_at > card_valid_ms) return ask;
    ask.need_mb = [&catalog](std::string_view model) {
        const auto* entry = catalog.find(model);
        return entry != nullptr ? entry->memory_mb : 0;
    };
    auto& node = ask.node;
    node.budget_mb = card->memory_mb;
    node.empty_here = 0;
    for (const auto& place : card->places) {
        const bool here = place.line == ask.line;
        if (place.model.empty()) {
            node.empty_here += here ? 1 : 0;
            continue;
        }
        auto found = std::find_if(node.residents.begin(), node.residents.end(),
                                  [&](const auto& one) { return one.model == place.model; });
        if (found == node.residents.end())
            found = node.residents.insert(found, schedule::Resident{place.model, 0, 0, 0, false, now, 0});
        found->memory_mb += place.memory_mb;
        found->pinned = found->pinned || place.pinned;
        found->since = std::min(found->since, now - place.loaded_for_ms);
        found->load_ms = std::max(found->load_ms, place.load_ms);
        found->idle_here += here ? 1 : 0;
        if (place.load_ms > 0) node.load_ms[place.model] = place.load_ms;
    }
    return ask;
}

}  // namespace ourvidz::generations
