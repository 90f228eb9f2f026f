#include "base/sentence.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace ourvidz {
namespace {

constexpr std::string_view required = "is required";

std::string with_full_stop(std::string sentence) {
    if (std::string_view(".!?").find(sentence.back()) == std::string_view::npos) sentence += '.';
    return sentence;
}

bool is_plain_name(std::string_view part) {
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789_";
    return !part.empty() && part.find_first_not_of(allowed) == std::string_view::npos;
}

// "steps", but not "status" or "address".
bool is_plural(std::string_view word) {
    return word.ends_with('s') && !word.ends_with("us") && !word.ends_with("ss");
}

std::string in_plural(std::string_view predicate) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> verbs{
        {{"is ", "are "}, {"has ", "have "}, {"does ", "do "}, {"goes ", "go "}}};
    for (const auto& [one, many] : verbs) {
        if (predicate.starts_with(one)) return std::string(many) + std::string(predicate.substr(one.size()));
    }
    return std::string(predicate);
}

// What the names of fields stand for that are no words for it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> spoken{{
    {"again", "message to answer again"},
    {"before", "generation to move it before"},
    {"continue", "answer to continue"},
    {"engine_ms", "time of the engine"},
    {"for_kind", "target kind"},
    {"fps", "number of frames a second"},
    {"wait_ms", "time to wait"},
}};

// What is said of a field that is not there, or not ours, or has no form: then there is nothing but its name.
constexpr std::array<std::string_view, 7> of_names{
    "is missing",           "is not a field", "is in the address more than once",
    "must be text",         "must be a list", "must be an object",
    "must be true or false"};

std::string words_for(std::string_view name) {
    const auto* known =
        std::find_if(spoken.begin(), spoken.end(), [&](const auto& one) { return one.first == name; });
    if (known != spoken.end()) return std::string(known->second);
    std::string words(name);
    std::replace(words.begin(), words.end(), '_', ' ');
    return words;
}

std::string in_quotes(std::string_view field) {
    return '"' + std::string(field) + '"';
}

// "The text of messages[0]" for messages[0].text; what is no name of ours, or a place in a list, as it
// stands.
std::string subject_of(std::string_view field) {
    const auto dot = field.rfind('.');
    auto name = dot == std::string_view::npos ? field : field.substr(dot + 1);
    const auto parent = dot == std::string_view::npos ? std::string_view{} : field.substr(0, dot);
    if (!is_plain_name(name)) return in_quotes(field);
    if (name.ends_with("_id")) name.remove_suffix(3);
    auto subject = "The " + words_for(name);
    if (parent.ends_with(']')) subject.append(" of ").append(parent);
    return subject;
}

}  // namespace

std::string sentence_of(const Error& error) {
    auto detail = error.detail;
    if (error.field.empty() || detail.empty() || detail.front() < 'a' || detail.front() > 'z') return detail;
    if (detail.starts_with(required)) detail.replace(0, required.size(), of_names.front());
    const bool of_name = std::any_of(of_names.begin(), of_names.end(),
                                     [&](std::string_view begin) { return detail.starts_with(begin); });
    if (of_name) return with_full_stop(in_quotes(error.field) + ' ' + detail);
    auto sentence = subject_of(error.field);
    const auto last_word = std::string_view(sentence).substr(0, sentence.find(" of "));
    return with_full_stop(sentence + ' ' + (is_plural(last_word) ? in_plural(detail) : detail));
}

}  // namespace ourvidz
