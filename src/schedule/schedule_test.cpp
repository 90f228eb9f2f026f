#include "schedule/schedule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <numeric>
#include <random>

namespace ourvidz::schedule {
namespace {

constexpr UnixMs start = 1'000'000;

User user(const std::string& id, std::vector<Job> jobs, double weight = 1) {
    User one;
    one.workspace_id = id;
    one.weight = weight;
    one.jobs = std::move(jobs);
    return one;
}

Job job(const std::string& id, const std::string& model = "m", UnixMs ready_at = start) {
    Job one;
    one.id = id;
    one.model = model;
    one.need_mb = model == "video" ? 30'000 : 15'000;
    one.ready_at = ready_at;
    return one;
}

std::string chosen(const State& state, const Rules& rules = {}) {
    const auto choice = choose(state, rules);
    return choice.pick ? state.users[choice.pick->user].jobs[choice.pick->job].id : "";
}

// One line whose jobs all take `service_ms`, served one after the other until `choices` are made.
class Line {
  public:
    explicit Line(std::vector<User> users, Rules rules = {}) : rules_(rules) {
        state_.now = start;
        state_.users = std::move(users);
    }
    // Keeps every user's list filled, chooses `choices` times, and answers how often each was served.
    std::vector<int> serve(int choices) {
        std::vector<int> served(state_.users.size(), 0);
        for (int i = 0; i < choices; ++i) ++served[serve_one()];
        return served;
    }
    std::size_t serve_one() {
        for (auto& one : state_.users) {
            if (one.jobs.empty() && one.workspace_id != idle_) one.jobs.push_back(job("j", "m", state_.now));
        }
        const auto choice = choose(state_, rules_);
        auto& one = state_.users[choice.pick->user];
        one.served_ms = choice.user_served_ms;
        one.served_at = state_.now;
        state_.line = choice.line;
        state_.now += one.jobs[choice.pick->job].service_ms;
        one.jobs.erase(one.jobs.begin() + static_cast<std::ptrdiff_t>(choice.pick->job));
        return choice.pick->user;
    }
    State& state() { return state_; }
    void idle(std::string id) { idle_ = std::move(id); }

  private:
    State state_;
    Rules rules_;
    std::string idle_;
};

// A card of 47 GB with a picture model that stays, and a video model whose turn began at `since`.
Node card(UnixMs since, int running) {
    Node node;
    node.budget_mb = 47'000;
    node.residents = {{"image", 10'000, 0, 0, true, 0, 2'000},
                      {"video", 30'000, running, 0, false, since, 20'000}};
    node.load_ms = {{"image", 2'000}, {"video", 20'000}, {"chat", 10'000}};
    return node;
}

TEST(Schedule, TakesTurnsHoweverMuchOneHasQueued) {
    State state;
    state.now = start;
    state.users = {user("flood", {job("f1"), job("f2"), job("f3")}), user("newcomer", {job("n1")})};
    state.users[0].served_ms = 50'000;
    state.users[0].served_at = start - 10;
    state.line.served_ms = 49'000;
    EXPECT_EQ(chosen(state), "n1");
}

TEST(Schedule, KeepsTheUsersOwnOrder) {
    State state;
    state.now = start;
    state.users = {user("u", {job("second", "m", start - 1), job("first", "m", start - 5)})};
    EXPECT_EQ(chosen(state), "second");
}

TEST(Schedule, GivesServiceInProportionToTheWeights) {
    Line line({user("one", {}, 1), user("two", {}, 2), user("five", {}, 5)});
    EXPECT_THAT(line.serve(800), testing::ElementsAre(testing::AllOf(testing::Ge(99), testing::Le(101)),
                                                      testing::AllOf(testing::Ge(199), testing::Le(201)),
                                                      testing::AllOf(testing::Ge(499), testing::Le(501))));
}

TEST(Schedule, CountsServiceAndNotJobs) {
    Line line({user("long", {}), user("short", {})});
    std::vector<std::int64_t> given(2, 0);
    for (int i = 0; i < 1'100; ++i) {
        for (std::size_t u = 0; u < 2; ++u) {
            auto& jobs = line.state().users[u].jobs;
            if (jobs.empty()) jobs.push_back(job("j", "m", line.state().now));
            jobs.front().service_ms = u == 0 ? 10'000 : 1'000;
        }
        const auto before = line.state().now;
        const auto served = line.serve_one();
        given[served] += line.state().now - before;
    }
    EXPECT_NEAR(static_cast<double>(given[0]) / static_cast<double>(given[1]), 1.0, 0.02);
}

TEST(Schedule, NobodySavesUpTurnsWhileIdle) {
    Line line({user("busy", {}), user("sleeper", {})});
    line.idle("sleeper");
    line.serve(100);
    line.idle("");
    const auto served = line.serve(20);
    EXPECT_THAT(served, testing::ElementsAre(10, 10));
}

// Jain's index of the service that users with one weight got, over random loads: n users with something
// queued all the time, jobs of very different lengths.
TEST(Schedule, SharesEquallyWithinAPlan) {
    for (std::uint32_t seed = 1; seed <= 20; ++seed) {
        std::mt19937 random(seed);
        const auto count = 2 + random() % 12;
        std::vector<User> users;
        for (std::size_t i = 0; i < count; ++i) users.push_back(user("u" + std::to_string(i), {}));
        Line line(std::move(users));
        std::vector<double> given(count, 0);
        for (std::size_t i = 0; i < 400 * count; ++i) {
            for (auto& one : line.state().users) {
                while (one.jobs.size() < 3) {
                    one.jobs.push_back(job("j", "m", line.state().now));
                    one.jobs.back().service_ms = 100 + static_cast<std::int64_t>(random() % 10'000);
                }
            }
            const auto before = line.state().now;
            const auto served = line.serve_one();
            given[served] += static_cast<double>(line.state().now - before);
        }
        const auto sum = std::accumulate(given.begin(), given.end(), 0.0);
        const auto squares = std::inner_product(given.begin(), given.end(), given.begin(), 0.0);
        EXPECT_GE(sum * sum / (static_cast<double>(count) * squares), 0.99) << "seed " << seed;
    }
}

TEST(Schedule, PrefersWhoWasNeglectedForTooLongInEverySecondChoice) {
    Rules rules;
    rules.aging_ms = 60'000;
    // By weight alone the light user would start once in 1,001 choices, that is after 1,000 s.
    Line line({user("heavy", {}, 1'000), user("light", {}, 1)}, rules);
    UnixMs last = start;
    std::int64_t longest = 0;
    int light = 0;
    for (int i = 0; i < 2'000; ++i) {
        if (line.serve_one() != 1) continue;
        ++light;
        longest = std::max(longest, line.state().now - last);
        last = line.state().now;
    }
    EXPECT_LE(longest, rules.aging_ms + 3'000);
    EXPECT_LE(light, 2'000 / 50);
}

TEST(Schedule, StartsWhatFitsWithoutSendingAnythingAway) {
    State state;
    state.now = start;
    state.node = card(0, 0);
    state.node.budget_mb = 60'000;
    state.users = {user("u", {job("c", "chat")})};
    state.waiting = {{"video", {start}}, {"chat", {start}}};
    EXPECT_EQ(chosen(state), "c");
}

TEST(Schedule, PassesOverAColdJobWhileTheLoadedModelHasItsTurn) {
    State state;
    state.now = start;
    state.node = card(start - 1'000, 1);
    state.users = {user("u", {job("c", "chat")})};
    state.waiting = {{"video", {start - 500, start - 400}}, {"chat", {start}}};
    const auto choice = choose(state, {});
    EXPECT_FALSE(choice.pick);
    ASSERT_TRUE(choice.again_at);
    EXPECT_GT(*choice.again_at, start);
    EXPECT_LE(*choice.again_at, start - 1'000 + Rules{}.turn_max_ms);
}

TEST(Schedule, SwapsAtOnceWhenTheLoadedModelHasNothingToDo) {
    State state;
    state.now = start;
    state.node = card(start - 1'000, 0);
    state.users = {user("u", {job("c", "chat")})};
    state.waiting = {{"chat", {start}}};
    EXPECT_EQ(chosen(state), "c");
    state.node.residents[1].running = 1;
    EXPECT_EQ(chosen(state), "") << "what runs would be waited for in any case";
    state.now = start + Rules{}.turn_max_ms;
    EXPECT_EQ(chosen(state), "c");
}

// Two models press each other out again and again; the third has one job, and its line is asked last.
TEST(Schedule, TwoModelsCannotKeepAThirdOutForEver) {
    State state;
    state.now = start;
    state.node.budget_mb = 20'000;
    state.node.residents = {{"a", 15'000, 1, 0, false, start, 5'000}};
    state.node.load_ms = {{"a", 5'000}, {"b", 5'000}, {"rare", 5'000}};
    state.waiting["rare"] = {start};
    state.waiting["a"] = std::vector<UnixMs>(group_max, start);
    state.waiting["b"] = std::vector<UnixMs>(group_max, start);
    Job rare = job("r", "rare");
    Job other = job("o", "b");
    for (; state.now < start + 4 * Rules{}.turn_max_ms; state.now += 1'000) {
        const bool a_loaded = state.node.residents[0].model == "a";
        other.model = a_loaded ? "b" : "a";
        state.users = {user("patient", {rare})};
        if (choose(state, {}).pick) break;
        state.users = {user("busy", {other})};
        if (choose(state, {}).pick)
            state.node.residents[0] = {other.model, 15'000, 1, 0, false, state.now, 5'000};
    }
    EXPECT_LE(state.now - start, 3 * Rules{}.turn_max_ms);
}

TEST(Schedule, SwapsWhenTheTurnIsOverHoweverMuchWaitsForTheLoadedModel) {
    State state;
    state.now = start;
    state.node = card(start - Rules{}.turn_max_ms, 4);
    state.users = {user("u", {job("c", "chat")})};
    state.waiting = {{"video", std::vector<UnixMs>(group_max, start - 900'000)}, {"chat", {start - 1}}};
    const auto choice = choose(state, {});
    ASSERT_TRUE(choice.pick);
    EXPECT_TRUE(choice.pick->swaps);
}

// Whenever it is asked and whatever waits, a cold job is passed over only until turn_max_ms of the turn.
TEST(Schedule, PassesOverNoColdJobForLongerThanTheTurn) {
    std::mt19937 random(7);
    for (int i = 0; i < 3'000; ++i) {
        State state;
        state.now = start + static_cast<UnixMs>(random() % 200'000);
        state.node = card(start, static_cast<int>(random() % 5));
        state.users = {user("u", {job("c", "chat", state.now - static_cast<UnixMs>(random() % 100'000))})};
        state.waiting["chat"] =
            std::vector<UnixMs>(1 + random() % group_max, state.users[0].jobs[0].ready_at);
        state.waiting["video"] = std::vector<UnixMs>(1 + random() % group_max, start - 5'000);
        const auto choice = choose(state, {});
        if (choice.pick) continue;
        ASSERT_LT(state.now, start + Rules{}.turn_max_ms) << "case " << i;
        ASSERT_TRUE(choice.again_at);
        ASSERT_GT(*choice.again_at, state.now);
        ASSERT_LE(*choice.again_at, start + Rules{}.turn_max_ms);
    }
}

TEST(Schedule, LetsAWarmJobOvertakeAColdOneButChargesForIt) {
    State state;
    state.now = start;
    state.node = card(start - 1'000, 0);
    state.node.residents[1].idle_here = 1;
    state.users = {user("cold", {job("other", "video_2")}), user("warm", {job("same", "video")})};
    state.users[0].jobs[0].need_mb = 30'000;
    state.users[1].served_ms = 500;
    state.waiting = {{"video", {start}}, {"video_2", {start}}};
    const auto choice = choose(state, {});
    ASSERT_TRUE(choice.pick);
    EXPECT_EQ(choice.pick->user, 1U);
    EXPECT_EQ(choice.user_served_ms, 1'500);
    EXPECT_EQ(choice.line.served_ms, 0) << "who was passed over must not be lifted";
}

TEST(Schedule, LeavesNoPlaceEmptyForWarmWorkThatItCannotGive) {
    State state;
    state.now = start;
    state.node = card(start - 1'000, 0);
    state.node.budget_mb = 100'000;
    state.node.residents[1].idle_here = 1;
    state.users = {user("u", {job("c", "chat")})};
    state.waiting = {{"video", {start, start, start}}, {"chat", {start}}};
    EXPECT_EQ(chosen(state), "c");
    state.users[0].jobs.push_back(job("v", "video"));
    EXPECT_EQ(chosen(state), "v");
}

TEST(Schedule, FeedsNoModelThatMustGoForAJobThatWasGivenOut) {
    State state;
    state.now = start;
    state.node = card(start - 500'000, 2);
    state.node.residents[1].idle_here = 2;
    state.node.pending = {{"chat", 15'000}};
    state.users = {user("u", {job("v", "video")})};
    state.waiting = {{"video", {start - 400'000}}};
    EXPECT_EQ(chosen(state), "");
    state.node.pending.clear();
    EXPECT_EQ(chosen(state), "v");
}

TEST(Schedule, SendsThePinnedModelAwayLast) {
    State state;
    state.now = start;
    state.node = card(start, 0);
    state.waiting = {{"video", {start}}};
    const auto going = in_the_way(state, "chat", 15'000);
    ASSERT_EQ(going.size(), 1U);
    EXPECT_EQ(going[0]->model, "video");
    EXPECT_EQ(in_the_way(state, "huge", 40'000).size(), 2U);
    EXPECT_TRUE(in_the_way(state, "tiny", 7'000).empty());
}

TEST(Schedule, WithoutKnowingTheMemoryModelsDoNotMatter) {
    State state;
    state.now = start;
    state.users = {user("u", {job("c", "chat")})};
    state.waiting = {{"chat", {start}}};
    EXPECT_EQ(chosen(state), "c");
}

TEST(Schedule, TheSameStateGivesTheSameChoice) {
    std::mt19937 random(3);
    for (int i = 0; i < 500; ++i) {
        State state;
        state.now = start;
        state.node = card(start - static_cast<UnixMs>(random() % 100'000), static_cast<int>(random() % 3));
        for (int u = 0; u < 8; ++u) {
            state.users.push_back(
                user("u" + std::to_string(u), {job("j", random() % 2 == 0 ? "video" : "chat",
                                                   start - static_cast<UnixMs>(random() % 50))}));
            state.users.back().served_ms = static_cast<double>(random() % 3);
        }
        auto shuffled = state;
        std::shuffle(shuffled.users.begin(), shuffled.users.end(), random);
        const auto one = choose(state, {});
        const auto other = choose(shuffled, {});
        ASSERT_EQ(one.pick.has_value(), other.pick.has_value());
        if (!one.pick) continue;
        EXPECT_EQ(state.users[one.pick->user].workspace_id, shuffled.users[other.pick->user].workspace_id);
    }
}

}  // namespace
}  // namespace ourvidz::schedule
