// Everything between a request as it was read and one that may be accepted, without the database: model,
// defaults, limits, prompts, safety.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/live_catalog.h"
#include "catalog/token_words.h"
#include "generations/submit.h"
#include "prompts/word_lists.h"
#include "safety/gate.h"

namespace ourvidz::generations {

// Why pictures cannot be enlarged where the network for it is not installed: stretching them is not offered
// as that.
inline constexpr std::string_view cannot_enlarge =
    "Pictures cannot be enlarged here: the network that does it is not installed.";

// Of a chat model, as the engine is told.
[[nodiscard]] std::size_t context_tokens(const catalog::Entry& entry);

struct Prepared {
    safety::Cleared<NewGeneration> request;
    std::string model;
    std::string line;
    std::optional<std::string> hint;

    // What is submitted of it, without an idempotency key.
    [[nodiscard]] Submission submission(std::string workspace_id, const QueueLimits& limits) const;
};

class Preparer {
  public:
    // `enlarges`: whether the server has what it takes to enlarge pictures.
    Preparer(const catalog::LiveCatalog& catalog, const safety::Gate& gate,
             const prompts::WordListFolder& word_lists, bool enlarges)
        : catalog_(catalog), gate_(gate), word_lists_(word_lists), enlarges_(enlarges) {}
    [[nodiscard]] Result<Prepared> prepare(NewGeneration wanted) const;

  private:
    [[nodiscard]] Result<Prepared> prepare_for_server(NewGeneration wanted) const;
    [[nodiscard]] Result<void> judge_as_written(NewGeneration wanted, const catalog::Entry& entry,
                                                const PromptReader& reader) const;
    [[nodiscard]] Result<void> require_room(const NewGeneration& wanted, const catalog::Catalog& models,
                                            const catalog::Entry& entry) const;

    const catalog::LiveCatalog& catalog_;
    const safety::Gate& gate_;
    const prompts::WordListFolder& word_lists_;
    const bool enlarges_;
    mutable catalog::TokenWordsOfModels token_words_;
};

}  // namespace ourvidz::generations
