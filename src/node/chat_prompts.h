// What the chat model is told for each chat kind.
#pragma once

#include <string>
#include <vector>

#include "catalog/manifest.h"
#include "engine/requests.h"
#include "node/lease.h"

namespace ourvidz::node {

constexpr std::size_t enhance_head_bytes_max = 1'000;  // of the user's own words that are enriched

struct ChatOrder {
    engine::ChatRequest request;
    // What the answer begins with: for an enriched prompt the user's own words, so that a small model can add
    // to them but never lose them; for an answer that is continued, all that there is of it.
    std::string head;
};

// `painter` is the model that will draw what is suggested, where it is known: one with a vocabulary is
// suggested only words that it knows. Errors: invalid_field when there is nothing to answer or to add.
[[nodiscard]] Result<ChatOrder> chat_order(const Lease& lease, const catalog::ChatSpec& spec,
                                           const catalog::Entry* painter = nullptr);

}  // namespace ourvidz::node
