// Orders to the chat model that turn words into what can be seen: the scene that a conversation is in, and
// the scenes of a story. The model fills slots of a grammar around the user's own words, so that even a very
// small one answers with something that can be drawn, and always in the right form.
#pragma once

#include "node/chat_prompts.h"

namespace ourvidz::node {

constexpr std::size_t scenes_max = 6;               // of a story; its sentences are joined to fit
constexpr std::size_t scene_words_bytes_max = 160;  // of the user's own words in each scene

// Who the system message says that the model is: "You are Pixel, a small blue robot. Be kind." -> "Pixel" and
// "Pixel, a small blue robot". Both empty when it says nothing of the kind.
struct Persona {
    std::string name;
    std::string look;
};
[[nodiscard]] Persona persona_of(std::string_view system_words);

// What of the conversation can be pictured, newest first: statements with the speaker replaced by the
// persona's look.
[[nodiscard]] std::vector<std::string> picturable(const std::vector<engine::ChatTurn>& messages);

// The answer is a picture prompt. Errors: invalid_field when nothing in the conversation can be pictured.
// `painter` as for chat_order().
[[nodiscard]] Result<ChatOrder> scene_order(const Lease& lease, const catalog::Entry* painter);

// The answer is {"scenes":[{"title":…,"prompt":…},…]}. Errors: invalid_field for a story without a sentence.
[[nodiscard]] Result<ChatOrder> scenes_order(const Lease& lease, const catalog::Entry* painter);

// The slots from which the model chooses: GBNF rules light, colour and mood; each begins with its space.
[[nodiscard]] std::string_view slot_rules();

}  // namespace ourvidz::node
