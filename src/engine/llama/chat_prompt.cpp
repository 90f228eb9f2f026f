#include "engine/llama/chat_prompt.h"

#include <algorithm>
#include <utility>

namespace ourvidz::engine {
namespace {

// Stands for the text of a turn while the template is applied; U+001A marks a substitute and is typed by
// nobody.
std::string marker(std::size_t index) {
    return "\x1A" + std::to_string(index) + "\x1A";
}

bool is_system(const ChatTurn& turn) {
    return turn.role == "system";
}

// Leaves out the oldest turn that may go, and an answer that has lost its question. False: none may go.
bool drop_oldest(std::vector<const ChatTurn*>& turns) {
    const auto may_go = [&](const ChatTurn* turn) { return !is_system(*turn) && turn != turns.back(); };
    auto oldest = std::find_if(turns.begin(), turns.end(), may_go);
    if (oldest == turns.end()) return false;
    oldest = turns.erase(oldest);
    while (oldest != turns.end() && may_go(*oldest) && (*oldest)->role == "assistant")
        oldest = turns.erase(oldest);
    return true;
}

}  // namespace

ChatPromptMaker::ChatPromptMaker(const llama_vocab* vocab, std::string chat_template)
    : vocab_(vocab), template_(std::move(chat_template)) {}

std::vector<llama_token> ChatPromptMaker::tokenize(std::string_view text, bool is_template,
                                                   bool first) const {
    // No tokenizer makes more tokens than there are bytes, but for the ones that it adds at both ends.
    std::vector<llama_token> tokens(text.size() + 4);
    const auto count =
        llama_tokenize(vocab_, text.data(), static_cast<std::int32_t>(text.size()), tokens.data(),
                       static_cast<std::int32_t>(tokens.size()), first, is_template);
    tokens.resize(static_cast<std::size_t>(std::max(count, 0)));
    return tokens;
}

Result<std::vector<llama_token>> ChatPromptMaker::apply(const std::vector<const ChatTurn*>& all) const {
    // An answer that stands last is not over: it follows what begins the next one.
    auto turns = all;
    const ChatTurn* unfinished = nullptr;
    if (turns.back()->role == "assistant") {
        unfinished = turns.back();
        turns.pop_back();
    }
    std::vector<std::string> markers;
    for (std::size_t i = 0; i < turns.size(); ++i) markers.push_back(marker(i));
    std::vector<llama_chat_message> messages;
    for (std::size_t i = 0; i < turns.size(); ++i)
        messages.push_back({turns[i]->role.c_str(), markers[i].c_str()});

    std::string text(256 + 128 * turns.size(), '\0');
    for (int round = 0; round < 2; ++round) {
        const auto size = llama_chat_apply_template(template_.c_str(), messages.data(), messages.size(), true,
                                                    text.data(), static_cast<std::int32_t>(text.size()));
        if (size < 0)
            return Error{ErrorCode::engine_failed, "The engine does not know the model's chat template.", ""};
        const bool fits = static_cast<std::size_t>(size) <= text.size();
        text.resize(static_cast<std::size_t>(size));
        if (fits) break;
    }

    std::vector<llama_token> tokens;
    std::size_t at = 0;
    const auto append = [&](std::string_view part, bool is_template) {
        if (part.empty() && at != 0) return;
        const auto more = tokenize(part, is_template, tokens.empty());
        tokens.insert(tokens.end(), more.begin(), more.end());
    };
    for (std::size_t i = 0; i < turns.size(); ++i) {
        // A template may leave a turn out, for example a system turn that it has no place for.
        const auto found = text.find(markers[i], at);
        if (found == std::string::npos) continue;
        append(std::string_view(text).substr(at, found - at), true);
        at = found + markers[i].size();
        append(turns[i]->text, false);
    }
    append(std::string_view(text).substr(at), true);
    if (unfinished != nullptr) append(unfinished->text, false);
    return tokens;
}

Result<ChatPrompt> ChatPromptMaker::make(const std::vector<ChatTurn>& turns, int tokens_max) const {
    std::vector<const ChatTurn*> kept;
    for (const auto& turn : turns) kept.push_back(&turn);
    while (true) {
        OURVIDZ_TRY(tokens, apply(kept));
        const auto over = static_cast<std::int64_t>(tokens.size()) - tokens_max;
        if (over <= 0) {
            ChatPrompt prompt{std::move(tokens), {}, static_cast<int>(turns.size() - kept.size())};
            for (const auto* turn : kept) prompt.turns.push_back(*turn);
            return prompt;
        }
        // Tokenizing it all again for each turn would be slow in a long conversation: so leave out as many
        // turns as are surely needed (a token has seldom more than this many bytes) before looking again.
        constexpr std::size_t bytes_per_token = 8;
        std::size_t bytes = 0;
        do {
            const auto before = kept;
            if (!drop_oldest(kept)) {
                return invalid_field(
                    "turns",
                    "The conversation is longer than the model's context, even its last turn alone.");
            }
            for (const auto* turn : before) {
                if (std::find(kept.begin(), kept.end(), turn) == kept.end()) bytes += turn->text.size();
            }
        } while (bytes < static_cast<std::size_t>(over) * bytes_per_token / 4);
    }
}

}  // namespace ourvidz::engine
