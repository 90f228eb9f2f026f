#include "console.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ourvidz::cli {
namespace {

TEST(Table, AlignsByCharactersAndNotByBytes) {
    EXPECT_EQ(table({{"a", "b"}, {"füchse", "c"}, {"x"}}), "a       b\nfüchse  c\nx\n");
}

TEST(Sizes, AreReadable) {
    EXPECT_EQ(size_text(0), "0 B");
    EXPECT_EQ(size_text(999), "999 B");
    EXPECT_EQ(size_text(98'362'432), "98.4 MB");
    EXPECT_EQ(size_text(999'999), "1.0 MB");
    EXPECT_EQ(duration_text(1499), "1 s");
    EXPECT_EQ(duration_text(125'000), "2 min 5 s");
    EXPECT_EQ(duration_text(7'260'000), "2 h 1 min");
}

TEST(Progress, SaysWhatIsKnownAndNothingElse) {
    const json::object sampling{{"phase", "sampling"}, {"fraction", 0.5}, {"position", 1},
                                {"step", 4},           {"steps", 8},      {"eta_low_ms", 2000},
                                {"eta_high_ms", 5000}};
    EXPECT_EQ(progress_text(sampling, 3, 200),
              "[##########..........] 50 %, picture 2 of 3, step 4 of 8, 2 s to 5 s left");
    EXPECT_EQ(progress_text(sampling, 1, 30).size(), 30U);
    EXPECT_EQ(progress_text({{"phase", "queued"}, {"queue_position", 2}, {"fraction", 0}}, 1, 200),
              "waiting, 2 ahead");
    EXPECT_EQ(progress_text({{"phase", "queued"}, {"queue_position", 0}, {"fraction", 0}}, 1, 200),
              "waiting, next in line");
    EXPECT_EQ(
        progress_text({{"phase", "finishing"}, {"fraction", 1}, {"eta_low_ms", 0}, {"eta_high_ms", 1000}}, 1,
                      200),
        "[####################] finishing");
    EXPECT_EQ(progress_text({{"phase", "loading"}, {"fraction", 7}, {"eta_high_ms", nullptr}}, 1, 200),
              "[####################] 100 %, loading the model");
    EXPECT_EQ(progress_text({}, 1, 200), "[....................] 0 %");
}

TEST(Printable, LeavesNothingThatMovesTheCursor) {
    EXPECT_EQ(printable("a\x1b[2Jb\rc\x7f\nü\xc2\x9b"
                        "d"),
              "a[2Jbc\nüd");
}

}  // namespace
}  // namespace ourvidz::cli
