#include "engine/diffusion/run_phase.h"

#include <gtest/gtest.h>

namespace ourvidz::engine {
namespace {

TEST(RunPhaseTest, FollowsAPicture) {
    RunPhase phase;
    EXPECT_EQ(phase.now(), Phase::encode);
    phase.take_log("stable-diffusion.cpp:4397 - generating image: 1/1 - seed 42\n");
    EXPECT_EQ(phase.now(), Phase::denoise);
    phase.take_log("stable-diffusion.cpp:4389 - sampling completed, taking 0.51s\n");
    EXPECT_EQ(phase.now(), Phase::decode);
}

TEST(RunPhaseTest, KnowsThatWeightsAreReadInTheMiddleOfASteps) {
    RunPhase phase;
    phase.take_log("generating image: 1/1 - seed 42\n");
    phase.take_log("model_loader.cpp:987 - loading 12/96 tensors from /m/dit.gguf\n");
    EXPECT_EQ(phase.now(), Phase::load);
    phase.take_log("model_loader.cpp:1211 - loading tensors completed, taking 0.05s (read: 0.01s)\n");
    EXPECT_EQ(phase.now(), Phase::denoise);
}

TEST(RunPhaseTest, FollowsAClipOfAModelInTwoHalves) {
    RunPhase phase;
    phase.take_log("generate_video 480x272x33\n");
    EXPECT_EQ(phase.now(), Phase::denoise);
    phase.take_log("sampling(high noise) completed, taking 3.00s\n");
    EXPECT_EQ(phase.now(), Phase::denoise);
    phase.take_log("sampling completed, taking 3.00s\n");
    EXPECT_EQ(phase.now(), Phase::decode);
}

}  // namespace
}  // namespace ourvidz::engine
