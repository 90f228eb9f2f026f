// Models write tokens, and a token may end in the middle of a character. Readers get whole characters.
#pragma once

#include <string>
#include <string_view>

namespace ourvidz::engine {

class WholeCharacters {
  public:
    // Takes the bytes of one token and hands out all characters that are complete now. Bytes that can belong
    // to no character become U+FFFD.
    [[nodiscard]] std::string take(std::string_view bytes);
    // What is left at the end: empty, or U+FFFD for a character that was never finished.
    [[nodiscard]] std::string finish();

  private:
    std::string rest_;
};

}  // namespace ourvidz::engine
