#include "generations/prepare.h"

#include <utility>

#include "base/id.h"
#include "catalog/lines.h"
#include "prompts/motion.h"

namespace ourvidz::generations {
namespace {

std::int64_t random_seed() {
    return static_cast<std::int64_t>(std::stoull(random_hex(4), nullptr, 16));
}

}  // namespace

Submission Prepared::submission(std::string workspace_id, const QueueLimits& limits) const {
    Submission submission;
    submission.workspace_id = std::move(workspace_id);
    submission.model = model;
    submission.hint = hint;
    submission.line = line;
    submission.limits = limits;
    return submission;
}

Result<Prepared> Preparer::prepare(NewGeneration wanted) const {
    const auto models = catalog_.now();
    OURVIDZ_TRY(entry, models->resolve(wanted.kind));
    OURVIDZ_CHECK(complete(wanted, Server{entry, entry->find_kind(wanted.kind)}, random_seed));
    if (wanted.settings.for_kind) {
        const auto painter = models->resolve(*wanted.settings.for_kind);
        if (painter) wanted.settings.for_model = (*painter)->name;
    }
    const auto lists = word_lists_.lists();
    OURVIDZ_CHECK(read_prompts(wanted, PromptReader{entry, models->loras(), lists}));
    std::optional<std::string> hint;
    if (wanted.settings.prompt) {
        const auto& clip = entry->find_kind(wanted.kind)->clip;
        const auto words = words_of_prompt(wanted);
        // The studio itself follows these words when it makes a clip of pictures.
        auto unknown = catalog::unknown_words_hint(
            *entry, clip && clip->method == "keyframes" ? prompts::without_motion_words(words) : words);
        if (!unknown.empty()) hint = std::move(unknown);
    }
    std::string line(catalog::line_of(*entry, wanted.kind));
    OURVIDZ_TRY(cleared, gate_.clear(std::move(wanted)));
    return Prepared{std::move(cleared), entry->name, std::move(line), std::move(hint)};
}

}  // namespace ourvidz::generations
