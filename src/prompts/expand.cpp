#include "prompts/expand.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "prompts/lora_tag.h"

namespace ourvidz::prompts {
namespace {

constexpr std::size_t list_name_bytes_max = 200;

// Steele, Lea and Flood's splitmix64: the same on every machine, and neighbouring seeds choose differently.
std::uint64_t scattered(std::uint64_t number) {
    number += 0x9e3779b97f4a7c15U;
    number = (number ^ (number >> 30U)) * 0xbf58476d1ce4e5b9U;
    number = (number ^ (number >> 27U)) * 0x94d049bb133111ebU;
    return number ^ (number >> 31U);
}

bool is_list_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '/' || static_cast<unsigned char>(c) >= 0x80;
}

// "__name__" at the beginning of a text.
struct ListName {
    std::string_view name;  // empty: none
    bool surely = false;    // no other reading makes sense; otherwise it is one only if there is such a list
};
ListName list_name(std::string_view text) {
    if (!text.starts_with("__")) return {};
    const auto end = text.substr(0, list_name_bytes_max + 4).find("__", 2);
    if (end == std::string_view::npos || end == 2) return {};
    const auto name = text.substr(2, end - 2);
    const auto at_edge = [](char c) { return c == '_' || c == ' '; };
    if (at_edge(name.front()) || at_edge(name.back()) || name.find_first_of("\r\n") != std::string_view::npos)
        return {};
    const bool path =
        !name.starts_with('/') && !name.ends_with('/') && name.find("//") == std::string_view::npos;
    return {name, path && std::all_of(name.begin(), name.end(), is_list_character)};
}

// A "{" of a text: where its "}" is and how many options are between them. 0 options: it has no "}".
struct Brace {
    std::size_t end = 0;
    std::size_t options = 0;
};

// By the place of the "{". All in one pass, so that many braces cost no more than other characters.
std::vector<Brace> braces_of(std::string_view text) {
    struct Open {
        std::size_t at;
        std::size_t options = 1;
    };
    std::vector<Brace> braces(text.size());
    std::vector<Open> open;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\\') {
            ++i;
        } else if (const auto tag = c == '<' ? read_lora_tag(text.substr(i)) : std::nullopt) {
            i += tag->bytes - 1;
        } else if (c == '{') {
            open.push_back({i});
        } else if (c == '|' && !open.empty()) {
            ++open.back().options;
        } else if (c == '}' && !open.empty()) {
            braces[open.back().at] = {i, open.back().options};
            open.pop_back();
        }
    }
    return braces;
}

// Of a choice from its "{" to its "}".
std::vector<std::string_view> options_of(std::string_view choice) {
    std::vector<std::string_view> options;
    int depth = 0;
    std::size_t option = 1;
    for (std::size_t i = 0; i < choice.size(); ++i) {
        const char c = choice[i];
        if (c == '\\') {
            ++i;
        } else if (const auto tag = c == '<' ? read_lora_tag(choice.substr(i)) : std::nullopt) {
            i += tag->bytes - 1;
        } else if (c == '{') {
            ++depth;
        } else if ((c == '|' && depth == 1) || (c == '}' && --depth == 0)) {
            options.push_back(choice.substr(option, i - option));
            option = i + 1;
        }
    }
    return options;
}

class Expander {
  public:
    Expander(std::string_view prompt, std::int64_t seed, const WordLists& lists, const std::string& field)
        : prompt_(prompt), seed_(seed), lists_(lists), field_(field) {}

    Result<Expanded> run() {
        OURVIDZ_CHECK(take(prompt_, 0, true, 0));
        return std::move(out_);
    }

  private:
    // `at`: where the text stands in the prompt; if it comes from a word list, all of it stands where the
    // list is named.
    Result<void> take(std::string_view text, std::size_t at, bool own, int depth) {
        const auto braces = braces_of(text);
        for (std::size_t i = 0; i < text.size();) {
            const std::size_t here = own ? at + i : at;
            const auto rest = text.substr(i);
            if (rest[0] == '\\' && rest.size() > 1) {
                OURVIDZ_CHECK(put(rest.substr(0, 2), here));
                i += 2;
                continue;
            }
            if (rest[0] == '{') {
                const auto& brace = braces[i];
                const auto whole = text.substr(i, brace.options == 0 ? 1 : brace.end + 1 - i);
                OURVIDZ_TRY(used, take_choice(whole, brace.options, here, own, depth));
                i += used;
                continue;
            }
            if (const auto tag = rest[0] == '<' ? read_lora_tag(rest) : std::nullopt) {
                OURVIDZ_CHECK(put(rest.substr(0, tag->bytes), here));
                i += tag->bytes;
                continue;
            }
            if (const auto name = list_name(rest); !name.name.empty()) {
                OURVIDZ_TRY(taken, take_list(name, here, depth));
                if (taken) {
                    i += name.name.size() + 4;
                    continue;
                }
            }
            OURVIDZ_CHECK(put(rest.substr(0, 1), here));
            ++i;
        }
        return {};
    }

    // The text goes from a "{" to its "}", or is the "{" alone (0 options). How many bytes are dealt with.
    Result<std::size_t> take_choice(std::string_view text, std::size_t options, std::size_t here, bool own,
                                    int depth) {
        if (options == 0) note(here, "The \"{\" has no \"}\" and is taken as it is.");
        if (options == 1)
            note(here, "There is nothing to choose from in these braces, so they are taken as they are.");
        if (options < 2) {
            OURVIDZ_CHECK(put("{", here));
            return std::size_t{1};
        }
        if (options > options_max)
            return fault(here, "a choice may have " + std::to_string(options_max) + " options");
        OURVIDZ_TRY(index, pick(options, here, depth));
        const auto option = options_of(text)[index];
        const auto offset = static_cast<std::size_t>(option.data() - text.data());
        OURVIDZ_CHECK(take(option, own ? here + offset : here, own, depth + 1));
        return text.size();
    }

    // False where the name turns out to be words.
    Result<bool> take_list(const ListName& name, std::size_t here, int depth) {
        const auto quoted = "\"" + std::string(name.name) + "\"";
        const auto entries = lists_ ? lists_(name.name) : Result<WordList>(WordList());
        if (!entries)
            return fault(here, "the word list " + quoted + " cannot be used: " + entries.error().detail);
        if (*entries == nullptr) {
            if (name.surely) return fault(here, "there is no word list " + quoted);
            note(here,
                 "There is no word list " + quoted + ", so it is taken as it is, underscores included.");
            return false;
        }
        OURVIDZ_TRY(index, pick((*entries)->size(), here, depth));
        OURVIDZ_CHECK(take((**entries)[index], here, false, depth + 1));
        return true;
    }

    Result<std::size_t> pick(std::size_t count, std::size_t here, int depth) {
        if (depth >= nesting_max) return fault(here, "choices are nested too deeply");
        if (++choices_ > choices_max)
            return fault(here, "a prompt may have " + std::to_string(choices_max) + " choices");
        const auto number =
            scattered(scattered(static_cast<std::uint64_t>(seed_)) + static_cast<std::uint64_t>(choices_));
        return static_cast<std::size_t>(number % count);
    }

    Result<void> put(std::string_view text, std::size_t here) {
        if (out_.text.size() + text.size() > prompt_bytes_max) {
            return fault(here,
                         "the prompt becomes longer than " + std::to_string(prompt_bytes_max) + " bytes");
        }
        out_.text += text;
        for (std::size_t i = 0; i < text.size(); ++i)
            out_.from.push_back(static_cast<std::uint32_t>(here + i));
        return {};
    }

    void note(std::size_t here, std::string text) {
        if (out_.notes.size() < notes_max) out_.notes.push_back({place(here), std::move(text)});
    }
    [[nodiscard]] std::size_t place(std::size_t here) const { return character_at(prompt_, here); }
    [[nodiscard]] Error fault(std::size_t here, const std::string& sentence) const {
        return error_at(field_, place(here), sentence);
    }

    std::string_view prompt_;
    std::int64_t seed_;
    const WordLists& lists_;
    const std::string& field_;
    int choices_ = 0;
    Expanded out_;
};

}  // namespace

std::size_t character_at(std::string_view text, std::size_t byte) {
    const auto before = text.substr(0, byte);
    const auto starts = std::count_if(before.begin(), before.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
    });
    return static_cast<std::size_t>(starts) + 1;
}

Error error_at(const std::string& field, std::size_t character, const std::string& sentence) {
    return invalid_field(field, "cannot be read at character " + std::to_string(character) + ": " + sentence);
}

Result<Expanded> expand(std::string_view prompt, std::int64_t seed, const WordLists& lists,
                        const std::string& field) {
    return Expander(prompt, seed, lists, field).run();
}

}  // namespace ourvidz::prompts
