#include "prompts/expand.h"

#include <algorithm>
#include <optional>

namespace ourvidz::prompts {
namespace {

constexpr std::size_t list_name_bytes_max = 64;

// Steele, Lea and Flood's splitmix64: the same on every machine, and neighbouring seeds choose differently.
std::uint64_t scattered(std::uint64_t number) {
    number += 0x9e3779b97f4a7c15U;
    number = (number ^ (number >> 30U)) * 0xbf58476d1ce4e5b9U;
    number = (number ^ (number >> 27U)) * 0x94d049bb133111ebU;
    return number ^ (number >> 31U);
}

bool is_list_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

// The name in "__name__" at the beginning of the text; empty if there is none.
std::string_view list_name(std::string_view text) {
    if (!text.starts_with("__")) return {};
    const auto end = text.find("__", 2);
    if (end == std::string_view::npos || end == 2 || end - 2 > list_name_bytes_max) return {};
    const auto name = text.substr(2, end - 2);
    return name.front() != '_' && std::all_of(name.begin(), name.end(), is_list_character)
               ? name
               : std::string_view{};
}

struct Choice {
    std::vector<std::string_view> options;
    std::size_t bytes = 0;  // from { to } inclusive
};

// The choice that begins at the text's "{"; nullopt if its "}" is missing.
std::optional<Choice> read_choice(std::string_view text) {
    Choice choice;
    int depth = 0;
    std::size_t option = 1;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\\') {
            ++i;
        } else if (c == '{') {
            ++depth;
        } else if (c == '|' && depth == 1) {
            choice.options.push_back(text.substr(option, i - option));
            option = i + 1;
        } else if (c == '}' && --depth == 0) {
            choice.options.push_back(text.substr(option, i - option));
            choice.bytes = i + 1;
            return choice;
        }
    }
    return std::nullopt;
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
        for (std::size_t i = 0; i < text.size();) {
            const std::size_t here = own ? at + i : at;
            const auto rest = text.substr(i);
            if (rest[0] == '\\' && rest.size() > 1) {
                OURVIDZ_CHECK(put(rest.substr(0, 2), here));
                i += 2;
                continue;
            }
            if (rest[0] == '{') {
                OURVIDZ_TRY(used, take_choice(rest, here, own, depth));
                i += used;
                continue;
            }
            if (const auto name = list_name(rest); !name.empty()) {
                OURVIDZ_CHECK(take_list(name, here, depth));
                i += name.size() + 4;
                continue;
            }
            OURVIDZ_CHECK(put(rest.substr(0, 1), here));
            ++i;
        }
        return {};
    }

    // How many bytes of the text are dealt with.
    Result<std::size_t> take_choice(std::string_view text, std::size_t here, bool own, int depth) {
        const auto choice = read_choice(text);
        if (!choice) out_.notes.push_back({place(here), "The \"{\" has no \"}\" and is taken as it is."});
        if (!choice || choice->options.size() == 1) {
            OURVIDZ_CHECK(put("{", here));
            return std::size_t{1};
        }
        if (choice->options.size() > options_max) {
            return fault(here, "a choice may have " + std::to_string(options_max) + " options");
        }
        OURVIDZ_TRY(index, pick(choice->options.size(), here, depth));
        const auto option = choice->options[index];
        const auto offset = static_cast<std::size_t>(option.data() - text.data());
        OURVIDZ_CHECK(take(option, own ? here + offset : here, own, depth + 1));
        return choice->bytes;
    }

    Result<void> take_list(std::string_view name, std::size_t here, int depth) {
        const auto* entries = lists_ ? lists_(name) : nullptr;
        if (entries == nullptr || entries->empty()) {
            return fault(here, "there is no word list \"" + std::string(name) + "\"");
        }
        OURVIDZ_TRY(index, pick(entries->size(), here, depth));
        return take((*entries)[index], here, false, depth + 1);
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
    return invalid_field(field, "at character " + std::to_string(character) + ": " + sentence);
}

Result<Expanded> expand(std::string_view prompt, std::int64_t seed, const WordLists& lists,
                        const std::string& field) {
    return Expander(prompt, seed, lists, field).run();
}

}  // namespace ourvidz::prompts
