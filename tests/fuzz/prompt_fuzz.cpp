// The language of prompts: whatever is typed, what the engine gets says the same and cannot upset it.
#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "prompts/prompt.h"
#include "prompts/tokens.h"
#include "target.h"

using namespace ourvidz;
using namespace ourvidz::prompts;

namespace {

const WordList foxes = std::make_shared<const std::vector<std::string>>(
    std::vector<std::string>{"fox", "(vixen:1.2)", "{a|b} __fox__", ":)", "<lora:ink:1>"});

Result<WordList> lists(std::string_view name) {
    return name == "fox" ? foxes : WordList();
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// The engine takes ":" with digits and dots before a ")" for a weight and ends the process when it is no
// number.
void check_weights(std::string_view text) {
    for (auto at = text.find(':'); at != std::string_view::npos; at = text.find(':', at + 1)) {
        auto number = text.substr(at + 1);
        const auto end = number.find_first_not_of("+-.0123456789");
        if (end == 0 || end == std::string_view::npos || number[end] != ')') continue;
        number = number.substr(0, end);
        const auto dot = number.find('.');
        if (dot == std::string_view::npos || dot == 0 || number.size() != dot + 3) std::abort();
        if (std::count_if(number.begin(), number.end(), is_digit) !=
            static_cast<std::ptrdiff_t>(number.size()) - 1)
            std::abort();
    }
}

// Without what may differ: spaces that keep signs apart, and square brackets, which become round.
std::string essence(std::string_view text) {
    std::string kept;
    for (const char c : text) {
        if (c == ' ' || c == '\\') continue;
        kept += c == '[' ? '(' : c == ']' ? ')' : c;
    }
    return kept;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view prompt(reinterpret_cast<const char*>(data), size);
    const auto resolved = resolve(prompt, static_cast<std::int64_t>(size), lists, "prompt");
    if (!resolved.ok()) {
        if (resolved.error().detail.empty() || resolved.error().field != "prompt") std::abort();
        return 0;
    }
    const auto text = engine_text(*resolved);
    if (text.size() > prompt_bytes_max) std::abort();
    check_weights(text);
    if (essence(plain_text(text)) != essence(plain_text(*resolved))) std::abort();
    for (const auto& span : resolved->spans) {
        if (span.text.empty() || span.weight < 0 || span.weight > weight_product_max) std::abort();
    }
    for (const auto& note : resolved->notes) {
        if (note.at == 0 || note.at > size + 1 || note.text.empty()) std::abort();
    }
    (void)length_note(plain_text(*resolved), *token_limit("sdxl", 5));
    if (prompt.find_first_of("()[]{}<_\\") == std::string_view::npos && text != prompt) std::abort();
    return 0;
}

std::vector<std::string> good_inputs() {
    return {"a (red:1.3) fox, ((snow)) [fog] <lora:ink:0.8>",
            "{a|b|{c|d}} __fox__ {(x:1.1)|y}",
            "\\(a\\) \\{b\\|c\\} smile :) 12:5) :.) (a:5\\) b:1.2)",
            "a (b [c) d] (((e)) {f|",
            "<lora:p__fox__ {a|b} (v1.0\\:2):-1> {<lora:a|b>|x} __my fox__ __a/b__",
            "f\u00fcchse (\u72d0:0.5)"};
}
