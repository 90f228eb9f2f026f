// How few tokens a chat model can make of a text. The engine alone counts them exactly; what cannot fit into
// its context even so need not be sent there.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_mark.h"
#include "base/result.h"

namespace ourvidz::catalog {

class TokenWords {
  public:
    // `words`: those of a tokenizer that works on bytes (GPT-2's and its followers), spelled as they are in
    // model files.
    explicit TokenWords(const std::vector<std::string>& words);

    // No such tokenizer makes fewer tokens of the text. 0 if it cannot be made of these words.
    [[nodiscard]] std::size_t tokens_min(std::string_view text) const;

  private:
    std::vector<std::string> words_;  // as bytes, sorted
};

// Those of the model that was asked for last. Thread-safe.
class TokenWordsOfModels {
  public:
    // Of a GGUF file. Null where it has none of this kind or cannot be read.
    [[nodiscard]] std::shared_ptr<const TokenWords> of(const std::filesystem::path& file);

  private:
    std::mutex mutex_;
    std::filesystem::path file_;
    FileMark mark_;
    std::shared_ptr<const TokenWords> kept_;
};

}  // namespace ourvidz::catalog
