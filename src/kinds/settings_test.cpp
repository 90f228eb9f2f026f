#include "kinds/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/pfr/tuple_size.hpp>
#include <set>
#include <type_traits>

#include "base/exact_integer.h"

namespace ourvidz::kinds {
namespace {

using testing::HasSubstr;

// A value that the setting may have, for each shape.
std::string sample(const Text&) {
    return "a \"red\" fox";
}
std::int64_t sample(const Whole& whole) {
    return whole.max;
}
std::int64_t sample(const Exact& exact) {
    return exact.max;
}
double sample(const Real& real) {
    return real.min + (real.max - real.min) / 3;
}
std::string sample(const KindName& kind) {
    const auto names = names_of(kind.works);
    return names.substr(0, names.find(','));
}
template <class Entry>
std::vector<Entry> sample_list() {
    if constexpr (std::is_same_v<Entry, LoraUse>) return {{"ink", 0.5}, {"pen", -1}};
    if constexpr (std::is_same_v<Entry, ResolvedPrompt>) return {{"a (red:1.20) fox", "fog"}, {"b", ""}};
    if constexpr (std::is_same_v<Entry, PromptWarning>)
        return {{"prompt", 3, "A bracket."}, {"prompt", 0, "x"}};
    if constexpr (std::is_same_v<Entry, ReplacedWord>)
        return {{"galleons", "ships", {"boats", "canoes"}}, {"kitty", "cat", {}}};
}

// With every setting that `wanted(rules)` says.
template <class Wanted>
Settings filled(Wanted wanted) {
    Settings settings;
    each_setting([&](std::string_view, auto member, const auto& shape, const Rules& rules) {
        if (!wanted(rules)) return;
        auto& value = settings.*member;
        if constexpr (std::is_same_v<std::decay_t<decltype(shape)>, List>) {
            value = sample_list<typename std::decay_t<decltype(value)>::value_type>();
        } else {
            value = sample(shape);
        }
    });
    return settings;
}

Settings everything() {
    return filled([](const Rules&) { return true; });
}

Settings all_of(const Kind& kind) {
    return filled([&](const Rules& rules) { return among(rules.works, kind.work); });
}

// A request with these, as a client would send it.
Result<Settings> read(const json::object& body) {
    FieldReader reader(body);
    auto settings = read_settings(reader, body);
    OURVIDZ_CHECK(reader.finish());
    return settings;
}

TEST(Settings, EachIsDescribedOnce) {
    std::set<std::string_view> names;
    each_setting([&](std::string_view name, auto, const auto&, const Rules& rules) {
        EXPECT_TRUE(names.insert(name).second) << name << " is described twice";
        EXPECT_NE(rules.works, 0U) << name << " is for nobody";
    });
    EXPECT_EQ(names.size(), boost::pfr::tuple_size_v<Settings>) << "one is not described";
}

TEST(Settings, OfEveryKindGoThroughRowAndLeaseAndRecipe) {
    for (const auto& kind : all) {
        const auto settings = all_of(kind);
        const auto written = to_json(settings);
        const auto back = parse_json_object(json::serialize(written));
        ASSERT_TRUE(back.ok());
        EXPECT_EQ(to_json(settings_from(*back)), written) << kind.name;
        each_setting([&](std::string_view name, auto, const auto&, const Rules& rules) {
            EXPECT_EQ(written.contains(name), among(rules.works, kind.work)) << kind.name << " " << name;
            EXPECT_EQ(recipe_of(settings).contains(name), rules.in_recipe && among(rules.works, kind.work))
                << name;
        });
    }
}

TEST(Settings, OfEveryKindCanBeAskedForAndAskedForAgain) {
    for (const auto& kind : all) {
        const auto settings = all_of(kind);
        const auto asked = asked_again(settings);
        const auto again = read(asked);
        ASSERT_TRUE(again.ok()) << kind.name << ": " << again.error().field << " " << again.error().detail;
        EXPECT_EQ(to_json(*again), asked) << kind.name;
        EXPECT_TRUE(refuse_others(*again, kind).ok()) << kind.name;
        // What a picture shows of itself can be sent back, whatever of it is not taken.
        auto shown = to_json(settings);
        shown.erase("warnings");
        shown.erase("replaced");
        shown.erase("for_model");
        EXPECT_TRUE(read(shown).ok()) << kind.name;
    }
}

TEST(Settings, WhatAKindDoesNotHaveIsRefusedByName) {
    const auto whole = everything();
    for (const auto& kind : all) {
        each_setting([&](std::string_view name, auto member, const auto&, const Rules& rules) {
            Settings one;
            one.*member = whole.*member;
            const auto refused = refuse_others(one, kind);
            ASSERT_EQ(refused.ok(), among(rules.works, kind.work)) << kind.name << " " << name;
            if (!refused.ok()) {
                EXPECT_EQ(refused.error().field, name);
                EXPECT_THAT(refused.error().detail,
                            HasSubstr(kind.work == Work::enlarge ? "source_asset_id" : "seed"))
                    << "says what it takes";
            }
        });
    }
}

TEST(Settings, BeyondItsLimitsIsRefusedInARequestAndAbsentElsewhere) {
    each_setting([&](std::string_view name, auto member, const auto& shape, const Rules& rules) {
        using Shape = std::decay_t<decltype(shape)>;
        json::object body{{name, true}};
        if (rules.source != Source::studio) {
            EXPECT_EQ(read(body).error().field, name);
        }
        EXPECT_EQ(to_json(settings_from(body)), json::object()) << name;
        if constexpr (std::is_same_v<Shape, Whole> || std::is_same_v<Shape, Real>) {
            body[name] = shape.max + 1;
            EXPECT_EQ(read(body).error().field, name);
            EXPECT_FALSE(settings_from(body).*member) << name;
        }
    });
    EXPECT_EQ(read({{"seed", "9223372036854775808"}}).error().field, "seed");
    EXPECT_EQ(read({{"for_kind", "chat_enhance"}}).error().field, "for_kind");
    EXPECT_EQ(read({{"for_kind", "oil_painting"}}).error().field, "for_kind");
    EXPECT_EQ(read({{"for_model", "nano"}}).error().field, "for_model") << "the studio finds it out";
}

TEST(Settings, AreForgottenWithWhatTheySayOfThePicture) {
    auto settings = everything();
    forget_content(settings);
    each_setting([&](std::string_view name, auto, const auto&, const Rules& rules) {
        EXPECT_EQ(to_json(settings).contains(name), !rules.content) << name;
    });
    EXPECT_FALSE(settings.prompt || settings.negative_prompt || settings.source_asset_id);
    EXPECT_TRUE(settings.loras.empty() && settings.resolved.empty() && settings.warnings.empty());
    EXPECT_TRUE(settings.width) << "what it cost stays known";
}

TEST(Settings, SomeMayBeChangedWhileTheyWait) {
    for (const auto* name :
         {"prompt", "negative_prompt", "width", "height", "steps", "guidance", "sampler", "seed", "strength"})
        EXPECT_TRUE(is_editable(name)) << name;
    for (const auto* name : {"kind", "source_asset_id", "for_kind", "loras", "fps", ""})
        EXPECT_FALSE(is_editable(name)) << name;
}

}  // namespace
}  // namespace ourvidz::kinds
