// What goes through a worker's door, for tests: every text of a request that an engine is sent.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "base/json.h"
#include "safety/gate.h"

namespace ourvidz::engine::testing {

// Names of the engine's own, which the door limits to letters, digits and a few signs, the three roles, and
// where the node keeps the file of a LoRA, whose name is judged.
[[nodiscard]] inline bool is_identifier(std::string_view field) {
    return field == "role" || field == "sampler" || field == "scheduler" || field == "file";
}

inline void collect_texts(const json::value& value, std::string_view field, std::vector<std::string>& texts) {
    if (value.is_object()) {
        for (const auto& member : value.get_object()) collect_texts(member.value(), member.key(), texts);
    } else if (value.is_array()) {
        for (const auto& item : value.get_array()) collect_texts(item, field, texts);
    } else if (value.is_string() && !is_identifier(field) && !value.get_string().empty()) {
        texts.emplace_back(value.get_string());
    }
}

// The texts in `sent`, a run's request as the worker is sent it, that the gate was not given byte for byte,
// whole or as a line.
[[nodiscard]] inline std::vector<std::string> unjudged(const json::object& sent,
                                                       const safety::TextToCheck& judged) {
    std::vector<std::string> texts;
    collect_texts(sent, "", texts);
    const auto is_judged = [&](const std::string& text) {
        for (const auto* list : {&judged.texts, &judged.conversation}) {
            for (const auto& one : *list) {
                if (one == text || ("\n" + one).find("\n" + text + "\n") != std::string::npos) return true;
            }
        }
        return false;
    };
    texts.erase(std::remove_if(texts.begin(), texts.end(), is_judged), texts.end());
    return texts;
}

}  // namespace ourvidz::engine::testing
