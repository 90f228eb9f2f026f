// Chooses the next token: repetition penalty, top-k, top-p, temperature, a seeded draw; under a grammar if
// there is one.
#pragma once

#include <llama.h>

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/requests.h"

namespace ourvidz::engine {

class TokenSampler {
  public:
    // Error invalid_field: the grammar cannot be read.
    [[nodiscard]] static Result<TokenSampler> make(const llama_vocab* vocab, const ChatRequest& request);

    // From the logits of the last token that was decoded.
    [[nodiscard]] llama_token next(llama_context* context);

  private:
    struct Closer {
        void operator()(llama_sampler* sampler) const { llama_sampler_free(sampler); }
    };
    using Sampler = std::unique_ptr<llama_sampler, Closer>;

    TokenSampler(int vocabulary, Sampler chain, Sampler grammar);
    llama_token draw(const float* logits, bool under_grammar);
    [[nodiscard]] bool grammar_allows(llama_token token);

    Sampler chain_;
    Sampler grammar_;
    std::vector<llama_token_data> candidates_;
};

}  // namespace ourvidz::engine
