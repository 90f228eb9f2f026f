// What the scheduler is told about a node, made from what the node says about its places.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"
#include "catalog/catalog.h"
#include "queue/queue.h"

namespace ourvidz::generations {

// One engine worker of a node.
struct NodePlace {
    std::string line;
    std::string model;  // loaded or being loaded; empty: none
    int memory_mb = 0;
    bool pinned = false;
    std::int64_t loaded_for_ms = 0;
    std::int64_t load_ms = 0;  // what loading it took; 0: not known
};

struct NodeCard {
    UnixMs seen_at = 0;
    int memory_mb = 0;
    std::vector<NodePlace> places;
};
// The member `card` of a poll. `body` is what is in it.
[[nodiscard]] Result<NodeCard> read_card(const json::object& body);

// Older ones say nothing any more; then models do not matter.
constexpr std::int64_t card_valid_ms = 15'000;

// Which node a place belongs to: NODE of NODE/image/0.
[[nodiscard]] std::string node_of(std::string_view place_id);

// The lines in which these kinds wait.
[[nodiscard]] std::vector<std::string> lines_of(const catalog::Catalog& catalog,
                                                const std::vector<std::string>& kinds);

// For a free place that asks. The catalogue must outlive the answer.
[[nodiscard]] queue::Ask ask_of(const NodeCard* card, const catalog::Catalog& catalog, std::string place_id,
                                std::string line, std::vector<std::string> kinds, UnixMs now);

}  // namespace ourvidz::generations
