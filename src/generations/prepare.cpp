#include "generations/prepare.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/id.h"
#include "prompts/motion.h"

namespace ourvidz::generations {
namespace {

constexpr std::int64_t context_tokens_preset = 4'096;

std::int64_t random_seed() {
    return static_cast<std::int64_t>(std::stoull(random_hex(4), nullptr, 16));
}

// What the engine never leaves out, however long the conversation is.
std::vector<std::string_view> always_kept(const std::vector<Message>& messages) {
    std::vector<std::string_view> kept;
    for (const auto& message : messages) {
        if (message.role == "system" || &message == &messages.back()) kept.emplace_back(message.text);
    }
    return kept;
}

}  // namespace

std::size_t context_tokens(const catalog::Entry& entry) {
    const auto* told = entry.options.if_contains("context_tokens");
    const auto tokens = told != nullptr && told->is_int64() ? told->get_int64() : context_tokens_preset;
    return static_cast<std::size_t>(std::max<std::int64_t>(tokens, 0));
}

// The engine counts tokens, and keeps half of its context for the answer at most. What cannot fit however few
// tokens it makes of it would only fail there, later.
Result<void> Preparer::require_room(const NewGeneration& wanted, const catalog::Catalog& models,
                                    const catalog::Entry& entry) const {
    const auto& chat = entry.find_kind(wanted.kind)->chat;
    if (!chat || wanted.messages.empty() || kinds::find(wanted.kind)->work != kinds::Work::talk) return {};
    const auto context = context_tokens(entry);
    const auto room = context - std::min(static_cast<std::size_t>(chat->tokens.preset), context / 2);
    const auto kept = always_kept(wanted.messages);
    std::size_t bytes = 0;
    for (const auto text : kept) bytes += text.size();
    const auto& files = models.status(entry).files;
    const auto file = files.find("model");
    if (bytes <= room || file == files.end()) return {};  // a token has a byte at least
    const auto words = token_words_.of(file->second);
    if (words == nullptr) return {};
    std::size_t tokens = 0;
    for (const auto text : kept) tokens += words->tokens_min(text);
    if (tokens <= room) return {};
    return invalid_field("messages[" + std::to_string(wanted.messages.size() - 1) + "].text",
                         "The conversation is longer than the model's context, even its last turn alone.");
}

Submission Prepared::submission(std::string workspace_id, const QueueLimits& limits) const {
    Submission submission;
    submission.workspace_id = std::move(workspace_id);
    submission.model = model;
    submission.hint = hint;
    submission.line = line;
    submission.limits = limits;
    return submission;
}

Result<Prepared> Preparer::prepare_for_server(NewGeneration wanted) const {
    if (!enlarges_) return Error{ErrorCode::unavailable, std::string(cannot_enlarge), "kind"};
    OURVIDZ_CHECK(complete(wanted, ServingModel{}, random_seed));
    OURVIDZ_TRY(cleared, gate_.clear(std::move(wanted)));
    return Prepared{
        std::move(cleared), std::string(kinds::server_model), std::string(kinds::server_line), {}};
}

// Another thing that is drawn for a word takes nothing back of what was asked for: the gate also judges what
// the engine would get if the model knew all words.
Result<void> Preparer::judge_as_written(NewGeneration wanted, const catalog::Entry& entry,
                                        const PromptReader& reader) const {
    auto without_table = entry;
    without_table.near_words = nullptr;
    OURVIDZ_CHECK(read_prompts(wanted, PromptReader{&without_table, reader.loras, reader.lists}));
    OURVIDZ_CHECK(gate_.clear(std::move(wanted)));
    return {};
}

Result<Prepared> Preparer::prepare(NewGeneration wanted) const {
    OURVIDZ_TRY(kind, kinds::require(wanted.kind));
    if (kinds::among(kinds::on_server, kind->work)) return prepare_for_server(std::move(wanted));
    const auto models = catalog_.now();
    OURVIDZ_TRY(entry, models->resolve(wanted.kind));
    OURVIDZ_CHECK(complete(wanted, ServingModel{entry, entry->find_kind(wanted.kind)}, random_seed));
    OURVIDZ_CHECK(require_room(wanted, *models, *entry));
    if (wanted.settings.for_kind) {
        const auto painter = models->resolve(*wanted.settings.for_kind);
        if (painter) wanted.settings.for_model = (*painter)->name;
    }
    const auto lists = word_lists_.lists();
    std::optional<NewGeneration> as_written;  // for judge_as_written(); a conversation may be long
    if (entry->near_words) as_written = wanted;
    OURVIDZ_TRY(hint, read_prompts(wanted, PromptReader{entry, models->loras(), lists}));
    if (wanted.settings.prompt) {
        const auto& clip = entry->find_kind(wanted.kind)->clip;
        const auto words = words_of_prompt(wanted);
        // The studio itself follows these words when it makes a clip of pictures.
        auto unknown = catalog::unknown_words_hint(
            *entry, clip && clip->method != "native" ? prompts::without_motion_words(words) : words);
        if (!unknown.empty()) hint.append(hint.empty() ? "" : " ").append(unknown);
    }
    std::string line(kinds::to_string(catalog::line_of(*entry, *kind)));
    if (!wanted.settings.replaced.empty())
        OURVIDZ_CHECK(
            judge_as_written(std::move(*as_written), *entry, PromptReader{entry, models->loras(), lists}));
    OURVIDZ_TRY(cleared, gate_.clear(std::move(wanted)));
    // After the gate, whose word on a prompt comes first.
    OURVIDZ_CHECK(require_something(cleared.request(), *entry));
    return Prepared{std::move(cleared), entry->name, std::move(line),
                    hint.empty() ? std::nullopt : std::optional(std::move(hint))};
}

}  // namespace ourvidz::generations
