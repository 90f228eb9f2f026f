#include "node/scene_clip.h"

#include <gtest/gtest.h>

#include <cmath>

#include "catalog/catalog.h"

namespace ourvidz::node {
namespace {

constexpr int frames = 80;
constexpr scenes::Frame square{128, 128};
constexpr std::array motions{Motion::sway, Motion::bounce, Motion::drift, Motion::pulse,  Motion::dance,
                             Motion::spin, Motion::cross,  Motion::rise,  Motion::breathe};

const catalog::Catalog& shipped() {
    static const auto catalog = catalog::Catalog::load({OURVIDZ_SOURCE_DIR "/models/catalog", {}, 0});
    EXPECT_TRUE(catalog);
    return *catalog;
}

scenes::Plan planned(const std::string& prompt) {
    return shipped().find("nano-scenes")->layers->reader->read(prompt);
}

TEST(SceneClip, EveryMotionEndsWhereItBeganWhenTheCameraReturns) {
    for (const auto motion : motions) {
        const auto first = scene_moment(motion, {}, 0, 1, square);
        const auto last = scene_moment(motion, {}, 1, 1, square);
        EXPECT_NEAR(first.things.shift_x, last.things.shift_x, 1e-6) << prompts::to_string(motion);
        EXPECT_NEAR(first.things.shift_y, last.things.shift_y, 1e-6) << prompts::to_string(motion);
        EXPECT_NEAR(std::sin(first.things.turn), std::sin(last.things.turn), 1e-6);
        EXPECT_NEAR(first.place.x, last.place.x, 1e-6);
        EXPECT_NEAR(first.place.zoom, last.place.zoom, 1e-6);
    }
}

TEST(SceneClip, NoStepIsAJumpExceptWhereNothingIsToBeSeen) {
    for (const auto motion : motions) {
        for (int i = 0; i < frames; ++i) {
            const auto now = scene_moment(motion, {}, i / double{frames}, 1, square).things;
            const auto then = scene_moment(motion, {}, (i + 1) / double{frames}, 1, square).things;
            const bool away =
                std::abs(now.shift_x) > 0.8 * square.width || std::abs(now.shift_y) > square.height;
            const double step = std::hypot(then.shift_x - now.shift_x, then.shift_y - now.shift_y);
            if (away) continue;
            EXPECT_LT(step, motion_step_max * square.width) << prompts::to_string(motion) << " " << i;
        }
    }
}

TEST(SceneClip, ThePlaceMovesLessThanWhatIsBeforeItAndNeverShowsItsEdge) {
    const auto pan = camera_plan("a fox, pan right", 1).move;
    const auto first = scene_moment(Motion::breathe, pan, 0, 1, square);
    const auto last = scene_moment(Motion::breathe, pan, 1, 1, square);
    const double room = 1 - 1 / last.place.zoom;
    const double place = (last.place.x - first.place.x) * room / 2 * square.width;
    EXPECT_GT(place, 2) << "the view goes to the right";
    EXPECT_GT(std::abs(last.things.pan_x - first.things.pan_x), place * 1.3) << "parallax";
    EXPECT_LT(last.things.pan_x, first.things.pan_x);
    for (int i = 0; i <= frames; ++i) {
        for (const auto* words : {"zoom in", "pull out", "pan left", "pan right", "nothing"}) {
            const auto moment =
                scene_moment(Motion::sway, camera_plan(words, i).move, i / double{frames}, 1, square);
            EXPECT_GE(moment.place.zoom, 1);
            EXPECT_LE(std::abs(moment.place.x), 1);
        }
    }
}

TEST(SceneClip, WhatStandsForEverStandsStill) {
    EXPECT_EQ(motion_of(planned("a fox jumping in the snow"), "a fox jumping in the snow", 1),
              Motion::bounce);
    EXPECT_EQ(motion_of(planned("a lighthouse jumping at sea"), "a lighthouse jumping at sea", 1),
              Motion::breathe);
    EXPECT_NE(motion_of(planned("a bear holding a balloon"), "a bear holding a balloon", 1), Motion::rise);
    EXPECT_EQ(motion_of(planned("a balloon over a bear"), "a balloon over a bear", 1), Motion::rise);
    EXPECT_EQ(motion_of(planned("mountains at dawn"), "mountains at dawn", 1), Motion::breathe);
}

}  // namespace
}  // namespace ourvidz::node
