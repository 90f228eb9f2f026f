#include "kinds/settings.h"

#include <algorithm>
#include <type_traits>

#include "base/exact_integer.h"

namespace ourvidz::kinds {
namespace {

// --- entries of lists ---

json::object entry(const ResolvedPrompt& one) {
    return {{"prompt", one.prompt}, {"negative_prompt", one.negative_prompt}};
}

json::object entry(const LoraUse& one) {
    return {{"name", one.name}, {"weight", one.weight}};
}

json::object entry(const PromptWarning& one) {
    return {{"field", one.field},
            {"at", one.at > 0 ? json::value(one.at) : json::value(nullptr)},
            {"detail", one.detail}};
}

json::object entry(const ReplacedWord& one) {
    return {
        {"word", one.word}, {"by", one.by}, {"others", json::array(one.others.begin(), one.others.end())}};
}

std::string text_in(const json::object& body, std::string_view name) {
    const auto* value = body.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

template <class Number>
std::optional<Number> number_in(const json::value& value) {
    if (!value.is_number()) return std::nullopt;
    boost::system::error_code beyond;
    const auto number = value.to_number<Number>(beyond);
    return beyond ? std::nullopt : std::optional(number);
}

template <class Number>
Number number_in(const json::object& body, std::string_view name, Number otherwise) {
    const auto* value = body.if_contains(name);
    return value != nullptr ? number_in<Number>(*value).value_or(otherwise) : otherwise;
}

void take(const json::object& body, ResolvedPrompt& one) {
    one = {text_in(body, "prompt"), text_in(body, "negative_prompt")};
}

void take(const json::object& body, LoraUse& one) {
    one = {text_in(body, "name"), number_in(body, "weight", 1.0)};
}

void take(const json::object& body, PromptWarning& one) {
    one = {text_in(body, "field"), number_in(body, "at", std::int64_t{0}), text_in(body, "detail")};
}

void take(const json::object& body, ReplacedWord& one) {
    one = {text_in(body, "word"), text_in(body, "by"), {}};
    const auto* others = body.if_contains("others");
    if (others == nullptr || !others->is_array()) return;
    for (const auto& other : others->get_array()) {
        if (other.is_string()) one.others.emplace_back(other.get_string());
    }
}

// --- what a request says ---

std::optional<std::string> asked(FieldReader& reader, const json::object&, std::string_view name,
                                 const Text& text) {
    return reader.text(name, text.bytes_max, text.allowed);
}

std::optional<std::int64_t> asked(FieldReader& reader, const json::object&, std::string_view name,
                                  const Whole& whole) {
    return reader.integer(name, whole.min, whole.max);
}

std::optional<std::int64_t> asked(FieldReader& reader, const json::object& body, std::string_view name,
                                  const Exact& exact) {
    return exact_integer(reader, body, name, exact.min, exact.max);
}

std::optional<double> asked(FieldReader& reader, const json::object&, std::string_view name,
                            const Real& real) {
    return reader.number(name, real.min, real.max);
}

std::optional<std::string> asked(FieldReader& reader, const json::object&, std::string_view name,
                                 const KindName& kind) {
    auto said = reader.text(name, 64);
    const auto* known = said ? find(*said) : nullptr;
    if (said && (known == nullptr || !among(kind.works, known->work)))
        reader.fail(name, "must be one of: " + names_of(kind.works));
    return said;
}

// --- what we wrote ourselves ---

template <class Shape>
std::optional<std::string> kept(const json::value& value, const Shape&) {
    return value.is_string() ? std::optional(std::string(value.get_string())) : std::nullopt;
}

template <class Number, class Range>
std::optional<Number> within(std::optional<Number> number, const Range& range) {
    return number && *number >= range.min && *number <= range.max ? number : std::nullopt;
}

std::optional<std::int64_t> kept(const json::value& value, const Whole& whole) {
    return within(number_in<std::int64_t>(value), whole);
}

std::optional<std::int64_t> kept(const json::value& value, const Exact& exact) {
    return within(exact_integer_in(value), exact);
}

std::optional<double> kept(const json::value& value, const Real& real) {
    return within(number_in<double>(value), real);
}

template <class Shape>
constexpr bool is_list = std::is_same_v<Shape, List>;

template <class T>
bool is_set(const std::optional<T>& value) {
    return value.has_value();
}

template <class T>
bool is_set(const std::vector<T>& list) {
    return !list.empty();
}

// Those that `wanted(rules)` says.
template <class Wanted>
json::object written(const Settings& settings, Wanted wanted) {
    json::object body;
    each_setting([&](std::string_view name, auto member, const auto& shape, const Rules& rules) {
        using Shape = std::decay_t<decltype(shape)>;
        const auto& value = settings.*member;
        if (!is_set(value) || !wanted(rules)) return;
        if constexpr (is_list<Shape>) {
            json::array list;
            for (const auto& one : value) list.push_back(entry(one));
            body[name] = std::move(list);
        } else if constexpr (std::is_same_v<Shape, Exact>) {
            body[name] = exact_integer(*value);
        } else {
            body[name] = *value;
        }
    });
    return body;
}

// Those that a request for this may say something of.
std::string names_for(const Kind& kind) {
    std::string names = among(listening, kind.work) ? "messages" : "";
    each_setting([&](std::string_view name, auto, const auto&, const Rules& rules) {
        if (among(rules.works, kind.work) && rules.source == Source::asked)
            names.append(names.empty() ? "" : ", ").append(name);
    });
    return names;
}

}  // namespace

Settings read_settings(FieldReader& reader, const json::object& body) {
    Settings settings;
    each_setting([&](std::string_view name, auto member, const auto& shape, const Rules& rules) {
        if (rules.source == Source::studio) return;
        if constexpr (is_list<std::decay_t<decltype(shape)>>) {
            (void)reader.array(name, shape.size_max);
        } else {
            settings.*member = asked(reader, body, name, shape);
        }
    });
    return settings;
}

Result<void> refuse_others(const Settings& settings, const Kind& kind) {
    std::string_view refused;
    each_setting([&](std::string_view name, auto member, const auto&, const Rules& rules) {
        if (refused.empty() && is_set(settings.*member) && !among(rules.works, kind.work)) refused = name;
    });
    if (refused.empty()) return {};
    return invalid_field(std::string(refused), "is nothing that " + std::string(kind.name) +
                                                   " takes. It takes: " + names_for(kind));
}

json::object to_json(const Settings& settings) {
    return written(settings, [](const Rules&) { return true; });
}

Settings settings_from(const json::object& body) {
    Settings settings;
    each_setting([&](std::string_view name, auto member, const auto& shape, const Rules&) {
        const auto* value = body.if_contains(name);
        if (value == nullptr) return;
        auto& kept_here = settings.*member;
        if constexpr (is_list<std::decay_t<decltype(shape)>>) {
            if (!value->is_array()) return;
            for (const auto& one : value->get_array()) {
                if (one.is_object()) take(one.get_object(), kept_here.emplace_back());
            }
        } else {
            kept_here = kept(*value, shape);
        }
    });
    return settings;
}

json::object asked_again(const Settings& settings) {
    return written(settings, [](const Rules& rules) { return rules.source == Source::asked; });
}

bool is_editable(std::string_view name) {
    bool editable = false;
    each_setting([&](std::string_view one, auto, const auto&, const Rules& rules) {
        editable = editable || (one == name && rules.editable);
    });
    return editable;
}

void forget_content(Settings& settings) {
    each_setting([&](std::string_view, auto member, const auto&, const Rules& rules) {
        if (rules.content) settings.*member = {};
    });
}

json::object recipe_of(const Settings& settings) {
    return written(settings, [](const Rules& rules) { return rules.in_recipe; });
}

}  // namespace ourvidz::kinds
