#include "scenes/layout.h"

#include <gtest/gtest.h>

#include <cmath>

#include "scenes/random.h"
#include "scenes/test_book.h"

namespace ourvidz::scenes {
namespace {

using testing::shipped;

std::vector<Placed> placed(const std::string& prompt, std::int64_t seed, const Frame& frame = {}) {
    const PromptReader reader(shipped());
    const auto plan = settled(shipped(), reader.read(prompt), seed);
    return lay_out(plan, std::vector<double>(plan.asked.size(), 0.9), frame, seed);
}

const Placed& of(const std::vector<Placed>& all, std::size_t asked) {
    for (const auto& one : all)
        if (one.asked == asked) return one;
    ADD_FAILURE() << "thing " << asked << " is not placed";
    return all.front();
}

TEST(SceneLayout, EverythingIsToBeSeenWhateverIsAskedFor) {
    Random random(11);
    const auto& book = shipped();
    constexpr std::array relations{Relation::beside,  Relation::on,      Relation::inside,
                                   Relation::under,   Relation::behind,  Relation::in_front,
                                   Relation::holding, Relation::wearing, Relation::over};
    constexpr std::array frames{Frame{128, 128}, Frame{128, 171}, Frame{171, 128}, Frame{128, 192},
                                Frame{192, 128}};
    for (int i = 0; i < 20'000; ++i) {
        Plan plan;
        const auto count = random.below(things_max + 1);
        std::vector<double> aspects;
        for (std::size_t j = 0; j < count; ++j) {
            plan.asked.push_back(
                {&book.things[random.below(book.things.size())], "", random.chance(0.2) ? 1.5 : 1});
            aspects.push_back(random.between(0.25, 4));
        }
        plan.relation = relations[random.below(relations.size())];
        if (random.chance(0.8)) plan.place = &book.places[random.below(book.places.size())];
        const auto& frame = frames[random.below(frames.size())];
        const auto all = lay_out(settled(book, plan, i), aspects, frame, i);
        ASSERT_EQ(all.size(), count);
        for (const auto& one : all) {
            ASSERT_TRUE(std::isfinite(one.x + one.y + one.height + one.width + one.turn));
            ASSERT_GT(one.height, 1) << "of " << plan.asked[one.asked].thing->name;
            ASSERT_LE(one.height, frame.height * 1.05);
            const double seen =
                std::min(frame.width, one.x + one.width / 2) - std::max(0.0, one.x - one.width / 2);
            ASSERT_GT(seen, one.width * 0.5) << plan.asked[one.asked].thing->name << " is beyond the side";
            ASSERT_GT(one.y, 0);
            ASSERT_LT(one.y - one.height, frame.height - 1);
            if (!one.loose) {
                ASSERT_GE(one.y - one.height, 0) << plan.asked[one.asked].thing->name << " is cut off above";
            }
            ASSERT_LE(one.y, frame.height + 1);
        }
    }
}

TEST(SceneLayout, RelationsLookAsTheyAreSaid) {
    for (std::int64_t seed = 0; seed < 20; ++seed) {
        const auto riding = placed("a panda riding a bicycle", seed);
        EXPECT_LT(of(riding, 0).y, of(riding, 1).y - of(riding, 1).height * 0.2) << "above the wheels";
        EXPECT_NEAR(of(riding, 0).x, of(riding, 1).x, 1);
        EXPECT_EQ(riding.front().asked, 0U) << "its legs are behind the frame";
        const auto boat = placed("a dog in a canoe on a lake", seed);
        EXPECT_EQ(boat.back().asked, 1U) << "the boat is before the dog";
        const auto over = placed("an airplane over a castle", seed);
        EXPECT_LT(of(over, 0).y, of(over, 1).y - of(over, 1).height * 0.3);
        const auto under = placed("a mouse under a mushroom", seed);
        EXPECT_GT(of(under, 1).height, of(under, 0).height);
        const auto behind = placed("a cat behind a tree", seed);
        EXPECT_LT(of(behind, 0).y, of(behind, 1).y) << "farther away";
        const auto holding = placed("a bear holding a balloon", seed);
        EXPECT_LT(of(holding, 1).height, of(holding, 0).height);
        EXPECT_TRUE(of(holding, 1).loose);
        EXPECT_GT(std::abs(of(holding, 1).x - of(holding, 0).x), of(holding, 0).width * 0.55)
            << "the face is free";
        const auto pair = placed("a cat and a dog", seed);
        EXPECT_GT(std::abs(of(pair, 0).x - of(pair, 1).x), 30);
    }
}

TEST(SceneLayout, TheSameSeedLaysOutTheSameAndAnotherOneDoesNot) {
    const auto one = placed("a fox in the snow", 4);
    EXPECT_EQ(one.front().x, placed("a fox in the snow", 4).front().x);
    EXPECT_NE(one.front().x, placed("a fox in the snow", 5).front().x);
}

TEST(SceneLayout, WhatFloatsStandsOnTheGroundWhereThereIsNoWater) {
    EXPECT_EQ(placed("a sailboat at sea", 1).front().where, Where::boat);
    EXPECT_EQ(placed("a sailboat in the desert", 1).front().where, Where::ground);
}

}  // namespace
}  // namespace ourvidz::scenes
