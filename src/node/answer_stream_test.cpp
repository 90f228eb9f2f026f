#include "node/answer_stream.h"

#include <gtest/gtest.h>

namespace ourvidz::node {
namespace {

TEST(WholeWords, AWordThatMayGoOnIsNotWhole) {
    EXPECT_EQ(whole_words(""), 0U);
    EXPECT_EQ(whole_words("light"), 0U);
    EXPECT_EQ(whole_words("light "), 6U);
    EXPECT_EQ(whole_words("light hou"), 6U);
    EXPECT_EQ(whole_words("one\ntwo"), 4U);
}

TEST(WholeWords, TextWithoutSpacesComesOutInTheEnd) {
    const std::string long_run(unspaced_bytes_max + 1, 'x');
    EXPECT_EQ(whole_words(long_run), long_run.size());
    EXPECT_EQ(whole_words("a " + long_run), long_run.size() + 2);
    EXPECT_EQ(whole_words("a " + long_run.substr(1)), 2U);
}

}  // namespace
}  // namespace ourvidz::node
