// Makes the token sequence of a conversation: the model's own template round the turns, the oldest turns left
// out when the context is too small for all.
#pragma once

#include <llama.h>

#include <string>
#include <vector>

#include "base/result.h"
#include "engine/requests.h"

namespace ourvidz::engine {

struct ChatPrompt {
    std::vector<llama_token> tokens;
    std::vector<ChatTurn> turns;  // those that are in it
    int turns_dropped = 0;
};

class ChatPromptMaker {
  public:
    // `chat_template`: the template's text or one of the engine's names for templates. Both must outlive
    // this.
    ChatPromptMaker(const llama_vocab* vocab, std::string chat_template);

    // At most `tokens_max` tokens. System turns and the last turn always stay.
    // Errors: invalid_field when they alone are too long; engine_failed when the engine knows no such
    // template.
    [[nodiscard]] Result<ChatPrompt> make(const std::vector<ChatTurn>& turns, int tokens_max) const;

  private:
    // Text of the template may be control tokens; the turns' text never is, whatever it looks like.
    [[nodiscard]] std::vector<llama_token> tokenize(std::string_view text, bool is_template,
                                                    bool first) const;
    [[nodiscard]] Result<std::vector<llama_token>> apply(const std::vector<const ChatTurn*>& turns) const;

    const llama_vocab* vocab_;
    std::string template_;
};

}  // namespace ourvidz::engine
