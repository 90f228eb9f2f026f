#include "generations/live_board.h"

#include <gtest/gtest.h>

namespace ourvidz::generations {
namespace {

constexpr Estimate usual{8'000, 10'000, 15'000};

class LiveBoardTest : public testing::Test {
  protected:
    void start(std::optional<Estimate> estimate) { board_.start("gen_1", "ws_1", estimate); }
    void advance(const std::string& phase, double fraction) {
        board_.advance("gen_1", {phase, fraction, 0, std::nullopt, std::nullopt});
    }
    void wait(std::int64_t ms) { clock_.advance(ms); }
    json::object progress() { return board_.progress("gen_1"); }
    std::int64_t left_ms() { return progress().at("eta_ms").to_number<std::int64_t>(); }

    ManualClock clock_{1'000'000};
    LiveBoard board_{clock_, true};
};

TEST_F(LiveBoardTest, AFractionNeverGoesBack) {
    start(usual);
    advance("sampling", 0.4);
    advance("finishing", 0.3);
    EXPECT_EQ(progress().at("fraction").as_double(), 0.4);
    EXPECT_EQ(progress().at("phase").as_string(), "finishing");
}

TEST_F(LiveBoardTest, LoadingAModelIsNotTimeOfTheWork) {
    start(usual);
    advance("loading", 0);
    wait(60'000);
    EXPECT_EQ(left_ms(), usual.median_ms);
    advance("sampling", 0);
    wait(4'000);
    EXPECT_EQ(left_ms(), 6'000);
}

// Two of three pictures were there already: only a third of the usual time is to come.
TEST_F(LiveBoardTest, ABatchThatGoesOnIsMeasuredByWhatIsLeftOfIt) {
    start(Estimate{27'000, 30'000, 36'000});
    advance("sampling", 2.0 / 3);
    EXPECT_EQ(left_ms(), 10'000);
    wait(5'000);
    advance("sampling", 2.5 / 3);
    EXPECT_NEAR(static_cast<double>(left_ms()), 5'000, 50);
}

TEST_F(LiveBoardTest, SaysThatItIsLateWhenNothingIsHeardForManySteps) {
    start(usual);
    advance("sampling", 0.1);
    for (int step = 2; step <= 4; ++step) {
        wait(3'000);
        advance("sampling", step * 0.1);
    }
    EXPECT_TRUE(progress().at("trouble").is_null());
    wait(16'000);  // more than five of its steps
    EXPECT_EQ(progress().at("trouble").as_string(), "late");
    EXPECT_EQ(board_.newly_late(), std::vector<std::string>{"gen_1"});
    EXPECT_TRUE(board_.newly_late().empty()) << "told once";
}

TEST_F(LiveBoardTest, SaysThatItIsLateWhenSuchWorkNeverTookSoLong) {
    start(usual);
    for (int step = 0; step <= 15; ++step) {
        advance("sampling", 0.01 * step);
        wait(1'000);
    }
    EXPECT_EQ(progress().at("trouble").as_string(), "late");
    EXPECT_GT(left_ms(), 60'000) << "its own pace counts, and no second that never ends";
    EXPECT_EQ(board_.newly_late().size(), 1U);
    board_.start("gen_1", "ws_1", usual);  // a new attempt
    EXPECT_TRUE(progress().at("trouble").is_null());
}

TEST_F(LiveBoardTest, WhoWaitsIsToldThatNoMachineAsksForWork) {
    const Standing next{"nano", 0, usual};
    EXPECT_TRUE(board_.waiting("gen_2", "nano", &next).at("trouble").is_null());
    EXPECT_EQ(board_.waiting("gen_2", "nano", &next).at("eta_ms").as_int64(), usual.median_ms);
    EXPECT_TRUE(board_.set_machines({false, std::nullopt}));
    EXPECT_FALSE(board_.set_machines({false, std::nullopt}));
    EXPECT_EQ(board_.waiting("gen_2", "nano", &next).at("trouble").as_string(), "no_node");
    EXPECT_TRUE(board_.waiting("gen_2", "nano", &next).at("eta_ms").is_null());
    start(usual);
    EXPECT_EQ(progress().at("trouble").as_string(), "no_node");
}

TEST_F(LiveBoardTest, WhoWaitsIsToldThatTheModelIsOnNoMachine) {
    const Standing next{"nano", 0, usual};
    EXPECT_TRUE(board_.set_machines({true, ModelNames{"other"}}));
    const auto waits = board_.waiting("gen_2", "nano", &next);
    EXPECT_EQ(waits.at("trouble").as_string(), "no_model");
    EXPECT_TRUE(waits.at("eta_ms").is_null()) << "nobody knows when it comes back";
    EXPECT_TRUE(board_.waiting("gen_3", "other", nullptr).at("trouble").is_null());
    start(usual);
    EXPECT_TRUE(progress().at("trouble").is_null()) << "what runs has its model";
    EXPECT_TRUE(board_.set_machines({true, ModelNames{"nano", "other"}}));
    EXPECT_TRUE(board_.waiting("gen_2", "nano", &next).at("trouble").is_null());
}

}  // namespace
}  // namespace ourvidz::generations
