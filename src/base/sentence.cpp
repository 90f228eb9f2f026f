#include "base/sentence.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace ourvidz {
namespace {

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

// "The text of messages[0]" for messages[0].text; what is no name of ours, or a place in a list, as it
// stands.
std::string subject_of(std::string_view field) {
    const auto dot = field.rfind('.');
    auto name = dot == std::string_view::npos ? field : field.substr(dot + 1);
    const auto parent = dot == std::string_view::npos ? std::string_view{} : field.substr(0, dot);
    if (!is_plain_name(name)) return '"' + std::string(field) + '"';
    if (name.ends_with("_id")) name.remove_suffix(3);
    std::string subject = "The " + std::string(name);
    std::replace(subject.begin(), subject.end(), '_', ' ');
    if (parent.ends_with(']')) subject.append(" of ").append(parent);
    return subject;
}

}  // namespace

std::string sentence_of(const Error& error) {
    const auto& detail = error.detail;
    if (error.field.empty() || detail.empty() || detail.front() < 'a' || detail.front() > 'z') return detail;
    auto sentence = subject_of(error.field);
    const auto last_word = std::string_view(sentence).substr(0, sentence.find(" of "));
    sentence += ' ' + (is_plural(last_word) ? in_plural(detail) : detail);
    if (std::string_view(".!?").find(sentence.back()) == std::string_view::npos) sentence += '.';
    return sentence;
}

}  // namespace ourvidz
