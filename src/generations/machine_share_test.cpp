#include "generations/machine_share.h"

#include <gtest/gtest.h>

namespace ourvidz::generations {
namespace {

using Machines = LiveBoard::Machines;

TEST(MachineShare, WhatAnyServerHearsOfIsThereAndWhatOneDoesNotKnowIsNotKnown) {
    const Machines none{false, std::nullopt};
    const Machines fox{true, ModelNames{"fox"}};
    const Machines owl{true, ModelNames{"owl"}};
    const Machines silent{true, std::nullopt};
    EXPECT_FALSE(together({none, none}).ask);
    EXPECT_EQ(together({none, fox}), fox);
    EXPECT_EQ(together({fox, none, owl}), (Machines{true, ModelNames{"fox", "owl"}}));
    EXPECT_EQ(together({fox, silent, owl}), silent);
}

}  // namespace
}  // namespace ourvidz::generations
