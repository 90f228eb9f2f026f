#include "prompts/prompt.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "prompts/expand.h"
#include "prompts/lora_tag.h"

namespace ourvidz::prompts {
namespace {

constexpr double more = 1.1;  // of one pair of round brackets; a pair of square ones takes it back
constexpr std::string_view lora_begin = "<lora:";
constexpr std::size_t weight_bytes_max = 64;  // of ":1.3)"; what is longer is words
constexpr double weight_shown = 0.005;        // weights that differ by less are one

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// A plain decimal number and nothing else.
std::optional<double> number_in(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    double value = 0;
    const auto [end, failure] =
        std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (text.empty() || failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// The weight in ":1.3)" at the beginning of the text, with its length.
struct WrittenWeight {
    double value = 1;
    std::size_t bytes = 0;
};
std::optional<WrittenWeight> written_weight(std::string_view text) {
    text = text.substr(0, weight_bytes_max);
    const auto end = text.find(')');
    if (!text.starts_with(':') || end == std::string_view::npos) return std::nullopt;
    auto number = text.substr(1, end - 1);
    while (number.starts_with(' ')) number.remove_prefix(1);
    while (number.ends_with(' ')) number.remove_suffix(1);
    const auto value = number_in(number);
    if (!value) return std::nullopt;
    return WrittenWeight{*value, end + 1};
}

// What is read: what people type, or what EngineWriter has written, which knows neither LoRAs nor most
// escapes.
enum class Language { typed, engine };

class Parser {
  public:
    Parser(std::string_view prompt, const Expanded& expanded, const std::string& field, Language language)
        : prompt_(prompt), text_(expanded.text), from_(expanded.from), field_(field), language_(language) {
        resolved_.notes = expanded.notes;
    }

    Result<Resolved> run() {
        while (at_ < text_.size()) OURVIDZ_CHECK(step());
        while (!open_.empty()) leave_literally();
        return finish();
    }

  private:
    struct Open {
        char bracket;
        std::size_t span;  // that holds the bracket itself, until its partner comes
        std::size_t at;
        double heaviest = 1;  // of what has been weighed inside
    };
    // The spans from `first` to before `end` weigh so much more. Pairs of brackets nest, and so do these.
    struct Weighed {
        std::size_t first;
        std::size_t end;
        double weight;
    };

    Result<void> step() {
        const char c = text_[at_];
        const auto rest = text_.substr(at_);
        const std::string_view escaped = language_ == Language::typed ? "()[]{}|<>_:\\" : "(";
        if (c == '\\' && rest.size() > 1 && escaped.find(rest[1]) != std::string_view::npos) {
            add(rest.substr(1, 1));
            at_ += 2;
            return {};
        }
        if (c == '(' || c == '[') {
            spans_.push_back({std::string(1, c), 1});
            open_.push_back({c, spans_.size() - 1, at_, 1});
            ++(c == '(' ? round_open_ : square_open_);
            spans_.push_back({});
            ++at_;
            return {};
        }
        if (c == ')' || c == ']') return close(c == ')' ? '(' : '[', c == ')' ? more : 1 / more, 1);
        if (c == ':' && !open_.empty() && open_.back().bracket == '(') {
            if (const auto weight = written_weight(rest)) {
                if (weight->value < 0 || weight->value > weight_max) {
                    return fault(
                        at_, "a weight must be from 0 to " + std::to_string(static_cast<int>(weight_max)));
                }
                return close('(', weight->value, weight->bytes);
            }
        }
        if (language_ == Language::typed && rest.starts_with(lora_begin)) return take_lora(rest);
        add(rest.substr(0, 1));
        ++at_;
        return {};
    }

    Result<void> close(char bracket, double weight, std::size_t bytes) {
        if ((bracket == '(' ? round_open_ : square_open_) == 0) {
            note(at_, std::string("The \"") + text_[at_] + "\" closes nothing and is taken as it is.");
            add(text_.substr(at_, 1));
            ++at_;
            return {};
        }
        while (open_.back().bracket != bracket) leave_literally();
        const auto open = take_innermost();
        spans_[open.span].text.clear();
        const double heaviest = open.heaviest * weight;
        if (heaviest > weight_product_max) {
            return fault(open.at, "weights multiply to more than " +
                                      std::to_string(static_cast<int>(weight_product_max)));
        }
        if (!open_.empty()) open_.back().heaviest = std::max(open_.back().heaviest, heaviest);
        weighed_.push_back({open.span, spans_.size(), weight});
        spans_.push_back({});
        at_ += bytes;
        return {};
    }

    Open take_innermost() {
        const auto open = open_.back();
        open_.pop_back();
        --(open.bracket == '(' ? round_open_ : square_open_);
        return open;
    }

    // The innermost open bracket turns out to be a character.
    void leave_literally() {
        const auto open = take_innermost();
        if (!open_.empty()) open_.back().heaviest = std::max(open_.back().heaviest, open.heaviest);
        note(open.at, std::string("The \"") + open.bracket + "\" is never closed and is taken as it is.");
    }

    Result<void> take_lora(std::string_view rest) {
        const auto tag = read_lora_tag(rest);
        const auto weight = !tag          ? std::nullopt
                            : tag->weight ? number_in(*tag->weight)
                                          : std::optional<double>(1);
        if (!weight || tag->name.empty() || tag->name.size() > lora_name_bytes_max)
            return fault(at_, "a LoRA is written <lora:NAME> or <lora:NAME:0.8>");
        if (std::abs(*weight) > lora_weight_max)
            return fault(at_, "a LoRA's weight must be from -" +
                                  std::to_string(static_cast<int>(lora_weight_max)) + " to " +
                                  std::to_string(static_cast<int>(lora_weight_max)));
        if (resolved_.loras.size() == loras_max)
            return fault(at_, "a prompt may have " + std::to_string(loras_max) + " LoRAs");
        resolved_.loras.push_back({tag->name, *weight, place(at_)});
        at_ += tag->bytes;
        // What was between two spaces leaves one.
        if (at_ < text_.size() && text_[at_] == ' ' && (last_ == ' ' || last_ == '\0')) ++at_;
        return {};
    }

    void add(std::string_view text) {
        if (spans_.empty()) spans_.push_back({});
        spans_.back().text += text;
        last_ = text.back();
    }

    // Gives every span the weights of all pairs around it.
    void weigh() {
        std::sort(weighed_.begin(), weighed_.end(), [](const Weighed& a, const Weighed& b) {
            return a.first != b.first ? a.first < b.first : a.end > b.end;
        });
        struct Around {
            std::size_t end;
            double weight;  // of this pair and those around it
        };
        std::vector<Around> around;
        auto next = weighed_.begin();
        for (std::size_t i = 0; i < spans_.size(); ++i) {
            while (!around.empty() && around.back().end <= i) around.pop_back();
            for (; next != weighed_.end() && next->first == i; ++next)
                around.push_back({next->end, next->weight * (around.empty() ? 1 : around.back().weight)});
            if (!around.empty()) spans_[i].weight = around.back().weight;
        }
    }

    Result<Resolved> finish() {
        weigh();
        for (auto& span : spans_) {
            if (span.text.empty()) continue;
            auto& all = resolved_.spans;
            if (!all.empty() && std::abs(all.back().weight - span.weight) < weight_shown) {
                all.back().text += span.text;
            } else {
                all.push_back(std::move(span));
            }
        }
        std::stable_sort(resolved_.notes.begin(), resolved_.notes.end(),
                         [](const Note& a, const Note& b) { return a.at < b.at; });
        return std::move(resolved_);
    }

    [[nodiscard]] std::size_t place(std::size_t at) const { return character_at(prompt_, from_[at]); }
    void note(std::size_t at, std::string text) {
        if (resolved_.notes.size() < notes_max) resolved_.notes.push_back({place(at), std::move(text)});
    }
    [[nodiscard]] Error fault(std::size_t at, const std::string& sentence) const {
        return error_at(field_, place(at), sentence);
    }

    std::string_view prompt_;
    std::string_view text_;
    const std::vector<std::uint32_t>& from_;
    const std::string& field_;
    Language language_;
    std::size_t at_ = 0;
    char last_ = '\0';  // of the words so far
    std::vector<Span> spans_;
    std::vector<Open> open_;
    std::size_t round_open_ = 0;
    std::size_t square_open_ = 0;
    std::vector<Weighed> weighed_;
    Resolved resolved_;
};

// Writes what the engine reads as exactly these words. Its own reading of weights has gaps: it knows "\(" but
// no other escape, it takes a ")" for itself only where nothing is open, and ":" with digits before a ")" is
// a weight wherever it stands, or ends the process where it is no number.
class EngineWriter {
  public:
    void add(const Span& span) {
        if (std::abs(span.weight - 1) < weight_shown) {
            put_words(span.text);
            return;
        }
        // A ")" of the words ends the group, so it stands between two groups.
        std::string_view rest = span.text;
        while (!rest.empty()) {
            const auto end = rest.find_first_of(")]");
            put_group(rest.substr(0, end), span.weight);
            if (end == std::string_view::npos) return;
            put_closing();
            rest.remove_prefix(end + 1);
        }
    }
    [[nodiscard]] std::string take() { return std::move(out_); }

  private:
    void put_group(std::string_view words, double weight) {
        if (words.find_first_not_of(" \t\r\n") == std::string_view::npos) {
            put_words(words);
            return;
        }
        std::array<char, 32> digits{};
        const auto end =
            std::to_chars(digits.data(), digits.data() + digits.size(), weight, std::chars_format::fixed, 2);
        put("(");
        put_words(words);
        out_ += ':';
        out_.append(digits.data(), end.ptr);
        out_ += ')';
    }

    void put_words(std::string_view words) {
        for (const char c : words) {
            if (c == '(' || c == '[') {
                put("\\(");
            } else if (c == ')' || c == ']') {
                put_closing();
            } else {
                put(std::string_view(&c, 1));
            }
        }
    }

    void put_closing() {
        auto at = out_.size();
        while (at > 0 && (is_digit(out_[at - 1]) ||
                          std::string_view(".+-").find(out_[at - 1]) != std::string_view::npos))
            --at;
        if (at > 0 && at < out_.size() && out_[at - 1] == ':') out_ += ' ';
        put(")");
    }

    // A backslash that stands for itself must not touch what it would escape.
    void put(std::string_view text) {
        if (out_.ends_with('\\') && std::string_view("()[]\\").find(text.front()) != std::string_view::npos)
            out_ += ' ';
        out_ += text;
    }

    std::string out_;
};

}  // namespace

Result<Resolved> resolve(std::string_view prompt, std::int64_t seed, const WordLists& lists,
                         const std::string& field) {
    OURVIDZ_TRY(expanded, expand(prompt, seed, lists, field));
    OURVIDZ_TRY(resolved, Parser(prompt, expanded, field, Language::typed).run());
    if (engine_text(resolved).size() > prompt_bytes_max) {
        return invalid_field(field, "becomes longer than " + std::to_string(prompt_bytes_max) +
                                        " bytes with its weights written out");
    }
    return std::move(resolved);
}

bool drop_weights(Resolved& resolved) {
    bool any = false;
    for (auto& span : resolved.spans) {
        any = any || std::abs(span.weight - 1) >= weight_shown;
        span.weight = 1;
    }
    return any;
}

std::string engine_text(const Resolved& resolved) {
    EngineWriter writer;
    for (const auto& span : resolved.spans) writer.add(span);
    return writer.take();
}

std::string plain_text(const Resolved& resolved) {
    std::string text;
    for (const auto& span : resolved.spans) text += span.text;
    return text;
}

std::string plain_text(std::string_view engine_text) {
    const Expanded as_it_is{std::string(engine_text), std::vector<std::uint32_t>(engine_text.size(), 0), {}};
    const std::string field = "prompt";
    const auto resolved = Parser(engine_text, as_it_is, field, Language::engine).run();
    return resolved ? plain_text(*resolved) : std::string(engine_text);
}

}  // namespace ourvidz::prompts
