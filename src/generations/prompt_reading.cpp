// From the prompts as they were written to what the engine gets.
#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "catalog/near_words.h"
#include "generations/submit.h"
#include "prompts/motion.h"
#include "prompts/seed.h"
#include "prompts/tokens.h"

namespace ourvidz::generations {
namespace {

constexpr std::size_t warnings_max = 16;
constexpr std::size_t replaced_max = 8;
constexpr std::size_t suggestions_max = 4;

class Reading {
  public:
    Reading(NewGeneration& request, const PromptReader& reader) : request_(request), reader_(reader) {
        // The studio itself follows these words when it makes a clip of pictures.
        const auto& clip = reader.entry->find_kind(request.kind)->clip;
        follows_motion_ = clip && clip->method != "native";
    }

    Result<std::string> run() {
        auto& settings = request_.settings;
        const std::string prompt = settings.prompt.value_or("");
        const std::string negative = settings.negative_prompt.value_or("");
        settings.loras.clear();
        settings.resolved.clear();
        settings.warnings.clear();
        settings.replaced.clear();
        bool differs = false;
        std::vector<kinds::ResolvedPrompt> all;
        for (std::int64_t position = 0; position < request_.batch; ++position) {
            const auto seed = prompts::seed_at(settings.seed.value_or(0), position);
            OURVIDZ_TRY(words, read("prompt", prompt, seed, position == 0));
            OURVIDZ_TRY(left_out, read("negative_prompt", negative, seed, position == 0));
            if (is_blank(prompts::plain_text(words)))
                return invalid_field("prompt", "has no words: say what you want to see");
            differs = differs || words != prompt || left_out != negative;
            all.push_back({std::move(words), std::move(left_out)});
        }
        if (differs) settings.resolved = std::move(all);
        std::stable_sort(settings.warnings.begin(), settings.warnings.end(),
                         [](const kinds::PromptWarning& a, const kinds::PromptWarning& b) {
                             return a.field != b.field ? a.field > b.field : a.at < b.at;
                         });
        return std::move(sentences_);
    }

  private:
    // In the words alone, so that no syntax is touched.
    void replace_unknown(prompts::Resolved& resolved) {
        const auto stays = [this](std::string_view word) {
            return follows_motion_ && is_blank(prompts::without_motion_words(word));
        };
        auto spans = resolved.spans;
        std::vector<catalog::ReplacedWord> replaced;
        for (auto& span : spans) {
            auto near = catalog::with_near_words(*reader_.entry, span.text, stays);
            span.text = std::move(near.text);
            std::move(near.replaced.begin(), near.replaced.end(), std::back_inserter(replaced));
        }
        std::swap(resolved.spans, spans);
        if (prompts::engine_text(resolved).size() > prompts::prompt_bytes_max) {
            resolved.spans = std::move(spans);
            return;
        }
        for (auto& word : replaced) note_replaced(word);
    }

    void note_replaced(catalog::ReplacedWord& word) {
        auto& all = request_.settings.replaced;
        const bool again = std::any_of(all.begin(), all.end(),
                                       [&](const kinds::ReplacedWord& one) { return one.word == word.word; });
        if (again || all.size() == replaced_max) return;
        sentences_ += (sentences_.empty() ? "" : " ") + catalog::sentence_about(word);
        all.push_back({std::move(word.word), std::move(word.by), std::move(word.others)});
    }

    Result<std::string> read(const std::string& field, const std::string& text, std::int64_t seed,
                             bool first) {
        OURVIDZ_TRY(resolved, prompts::resolve(text, seed, reader_.lists, field));
        if (field == "prompt") replace_unknown(resolved);
        const bool lost_weights = !reader_.entry->prompt_weights && prompts::drop_weights(resolved);
        auto for_engine = prompts::engine_text(resolved);
        // The pictures of a batch differ in their words only; once is enough to tell.
        if (!first) return for_engine;
        for (const auto& note : resolved.notes) warn(field, static_cast<std::int64_t>(note.at), note.text);
        if (lost_weights) {
            warn(field, 0, reader_.entry->title + " takes no weights: brackets around words change nothing.");
        }
        if (reader_.entry->layers) warn_of_layers(field, resolved);
        for (const auto& lora : resolved.loras) take(field, lora);
        if (const auto limit =
                prompts::token_limit(reader_.entry->family, reader_.entry->prompt_tokens_max)) {
            const auto note = prompts::length_note(prompts::plain_text(resolved), *limit);
            if (note) warn(field, for_engine == text ? static_cast<std::int64_t>(note->at) : 0, note->text);
        }
        return for_engine;
    }

    // Of what such a model does not do, where others do.
    void warn_of_layers(const std::string& field, const prompts::Resolved& resolved) {
        const auto words = prompts::plain_text(resolved);
        if (field == "negative_prompt") {
            if (!is_blank(words) && !request_.settings.source_asset_id)
                warn(field, 0,
                     reader_.entry->title +
                         " draws nothing but what is named: a negative prompt changes nothing.");
            return;
        }
        if (request_.settings.source_asset_id) {
            if (!reader_.entry->find_kind(request_.kind)->clip)
                warn(
                    field, 0,
                    "A picture to start from is drawn over by the smaller built-in model, which knows single "
                    "things on plain grounds: little stays of a whole scene.");
            return;
        }
        const auto sentence = catalog::not_drawn_of(*reader_.entry->layers, words);
        if (!sentence.empty()) warn(field, 0, sentence);
    }

    void take(const std::string& field, const prompts::LoraUse& lora) {
        const auto at = static_cast<std::int64_t>(lora.at);
        if (const auto why = why_left_out(lora.name); !why.empty()) {
            warn(field, at, why);
        } else if (field != "prompt") {
            warn(field, at, "A LoRA belongs into the prompt; it is left out.");
        } else {
            request_.settings.loras.push_back({lora.name, lora.weight});
        }
    }

    // A sentence, or nothing where it can be used.
    [[nodiscard]] std::string why_left_out(const std::string& name) const {
        const auto about = "The LoRA \"" + name + "\" ";
        std::string why = "There is no LoRA \"" + name + "\"; it is left out.";
        for (const auto& lora : reader_.loras) {
            if (lora.name != name) continue;
            if (!lora.unusable.empty()) {
                why = about + "cannot be used and is left out. " + lora.unusable;
            } else if (lora.family != reader_.entry->family) {
                why = about + "is for models of the family " + lora.family + "; it is left out.";
            } else {
                return "";
            }
        }
        return why;
    }

    void warn(const std::string& field, std::int64_t at, const std::string& detail) {
        auto& warnings = request_.settings.warnings;
        if (warnings.size() < warnings_max) warnings.push_back({field, at, detail});
    }

    NewGeneration& request_;
    const PromptReader& reader_;
    bool follows_motion_ = false;
    std::string sentences_;
};

}  // namespace

Result<std::string> read_prompts(NewGeneration& request, const PromptReader& reader) {
    OURVIDZ_TRY(kind, kinds::require(request.kind));
    if (!kinds::among(kinds::drawing, kind->work)) return std::string();
    return Reading(request, reader).run();
}

Result<void> require_something(const NewGeneration& request, const catalog::Entry& entry) {
    OURVIDZ_TRY(kind, kinds::require(request.kind));
    // A picture to start from has something already.
    if (!kinds::among(kinds::drawing, kind->work) || request.settings.source_asset_id) return {};
    auto sent = request.settings.resolved;
    if (sent.empty()) sent.push_back({request.settings.prompt.value_or(""), ""});
    const bool each = std::all_of(sent.begin(), sent.end(), [&](const kinds::ResolvedPrompt& one) {
        const auto text = prompts::plain_text(one.prompt);
        if (entry.layers)
            return entry.layers->reader->read(prompts::without_camera_words(text)).says_something();
        return catalog::names_something(entry, text);
    });
    if (each) return {};
    auto nothing = invalid_field("prompt", "names nothing that this model can draw. Nothing is charged.");
    nothing.suggestions = entry.example_prompts;
    nothing.suggestions.resize(std::min(nothing.suggestions.size(), suggestions_max));
    if (!nothing.suggestions.empty())
        nothing.detail += " It draws \"" + nothing.suggestions.front() + "\", for instance.";
    return nothing;
}

std::string words_of_prompt(const NewGeneration& request) {
    if (request.settings.resolved.empty()) return request.settings.prompt.value_or("");
    return prompts::plain_text(request.settings.resolved.front().prompt);
}

}  // namespace ourvidz::generations
