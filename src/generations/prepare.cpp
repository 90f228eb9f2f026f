#include "generations/prepare.h"

#include "base/id.h"
#include "catalog/lines.h"

namespace ourvidz::generations {
namespace {

std::int64_t random_seed() {
    return static_cast<std::int64_t>(std::stoull(random_hex(4), nullptr, 16));
}

}  // namespace

Result<Prepared> Preparer::prepare(NewGeneration wanted) const {
    OURVIDZ_TRY(entry, catalog_.resolve(wanted.kind));
    OURVIDZ_CHECK(complete(wanted, Server{entry, entry->find_kind(wanted.kind)}, random_seed));
    const auto lists = word_lists_.lists();
    OURVIDZ_CHECK(read_prompts(wanted, PromptReader{entry, catalog_.loras(), lists}));
    std::optional<std::string> hint;
    if (wanted.settings.prompt) {
        auto words = catalog::unknown_words_hint(*entry, words_of_prompt(wanted));
        if (!words.empty()) hint = std::move(words);
    }
    std::string line(catalog::line_of(*entry, wanted.kind));
    OURVIDZ_TRY(cleared, gate_.clear(std::move(wanted)));
    return Prepared{std::move(cleared), entry->name, std::move(line), std::move(hint)};
}

}  // namespace ourvidz::generations
