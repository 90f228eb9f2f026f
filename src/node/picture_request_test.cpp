#include "node/picture_request.h"

#include <gtest/gtest.h>

namespace ourvidz::node {
namespace {

TEST(PictureRequest, TheSeedChoosesTheStyleAndNeighboursDiffer) {
    const std::vector<std::string> words = {"ya", "yb"};
    EXPECT_EQ(with_style("a fox", words, 6), "a fox ya");
    EXPECT_EQ(with_style("a fox", words, 7), "a fox yb");
    EXPECT_EQ(with_style("a fox", words, -1), "a fox yb");  // whatever a seed is, it has a style
}

TEST(PictureRequest, AStyleIsNotSaidTwiceAndNotWithoutNeed) {
    EXPECT_EQ(with_style("a fox", {}, 6), "a fox");
    EXPECT_EQ(with_style("", {"ya"}, 6), "");
    EXPECT_EQ(with_style("a yb fox", {"ya", "yb"}, 6), "a yb fox");
    EXPECT_EQ(with_style("a yby fox", {"ya", "yb"}, 6), "a yby fox ya");
}

}  // namespace
}  // namespace ourvidz::node
