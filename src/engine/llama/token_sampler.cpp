#include "engine/llama/token_sampler.h"

#include <cmath>
#include <limits>
#include <utility>

namespace ourvidz::engine {
namespace {

constexpr int top_k = 40;
constexpr int penalty_window = 128;  // tokens

// The engine takes 32 bits and has a number that means "any".
std::uint32_t folded(std::int64_t seed) {
    const auto bits = static_cast<std::uint64_t>(seed);
    const auto value = static_cast<std::uint32_t>(bits ^ bits >> 32U);
    return value == LLAMA_DEFAULT_SEED ? 0 : value;
}

}  // namespace

Result<TokenSampler> TokenSampler::make(const llama_vocab* vocab, const ChatRequest& request) {
    const int vocabulary = llama_vocab_n_tokens(vocab);
    Sampler grammar;
    if (!request.grammar.empty()) {
        grammar.reset(llama_sampler_init_grammar(vocab, request.grammar.c_str(), "root"));
        if (!grammar) return invalid_field("grammar", "The grammar cannot be read.");
    }
    Sampler chain(llama_sampler_chain_init(llama_sampler_chain_default_params()));
    const auto add = [&](llama_sampler* sampler) { llama_sampler_chain_add(chain.get(), sampler); };
    add(llama_sampler_init_penalties(vocabulary, penalty_window,
                                     static_cast<float>(request.repetition_penalty), 0, 0));
    if (request.temperature <= 0) {
        add(llama_sampler_init_greedy());
    } else {
        add(llama_sampler_init_top_k(top_k));
        add(llama_sampler_init_top_p(static_cast<float>(request.top_p), 1));
        add(llama_sampler_init_temp(static_cast<float>(request.temperature)));
        add(llama_sampler_init_dist(folded(request.seed)));
    }
    return TokenSampler(vocabulary, std::move(chain), std::move(grammar));
}

TokenSampler::TokenSampler(int vocabulary, Sampler chain, Sampler grammar)
    : chain_(std::move(chain)),
      grammar_(std::move(grammar)),
      candidates_(static_cast<std::size_t>(vocabulary)) {}

llama_token TokenSampler::draw(const float* logits, bool under_grammar) {
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
        candidates_[i] = {static_cast<llama_token>(i), logits[i], 0};
    }
    llama_token_data_array array{candidates_.data(), candidates_.size(), -1, false};
    if (under_grammar) llama_sampler_apply(grammar_.get(), &array);
    llama_sampler_apply(chain_.get(), &array);
    return array.data[array.selected].id;
}

bool TokenSampler::grammar_allows(llama_token token) {
    llama_token_data one{token, 1, 0};
    llama_token_data_array array{&one, 1, -1, false};
    llama_sampler_apply(grammar_.get(), &array);
    return one.logit != -std::numeric_limits<float>::infinity();
}

llama_token TokenSampler::next(llama_context* context) {
    const float* logits = llama_get_logits_ith(context, -1);
    // Asking the grammar about the one token that was drawn is much cheaper than about the whole vocabulary,
    // and mostly enough: the model keeps to the form by itself.
    auto token = draw(logits, false);
    if (grammar_ && !grammar_allows(token)) token = draw(logits, true);
    llama_sampler_accept(chain_.get(), token);
    if (grammar_) llama_sampler_accept(grammar_.get(), token);
    return token;
}

}  // namespace ourvidz::engine
