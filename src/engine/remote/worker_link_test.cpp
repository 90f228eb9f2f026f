#include "engine/remote/worker_link.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <thread>

namespace ourvidz::engine {
namespace {

using testing::HasSubstr;
using testing::Not;

class TestLink final : public WorkerLink {
  public:
    static Result<std::unique_ptr<TestLink>> start(WorkerOptions options) {
        OURVIDZ_TRY(state, WorkerLink::start(std::move(options)));
        return std::unique_ptr<TestLink>(new TestLink(std::move(state)));
    }
    using WorkerLink::exchange_load;
    using WorkerLink::exchange_run;

    Result<json::object> run(const std::string& task, const RunCallbacks& callbacks = {},
                             std::stop_token stop = {}) {
        return exchange_run({{"task", task}}, {}, callbacks, {}, {}, std::move(stop));
    }

  private:
    using WorkerLink::WorkerLink;
};

WorkerOptions options() {
    WorkerOptions options;
    options.executable = OURVIDZ_BINARY_DIR "/bin/rogue_worker";
    return options;
}

std::unique_ptr<TestLink> started(WorkerOptions with = options()) {
    auto link = TestLink::start(std::move(with));
    EXPECT_TRUE(link.ok()) << (link.ok() ? "" : link.error().detail);
    return link.ok() ? std::move(*link) : nullptr;
}

// The process is gone, so that not even a zombie is left.
bool is_gone(pid_t pid) {
    return kill(pid, 0) < 0 && errno == ESRCH;
}

TEST(WorkerLinkTest, StartsAndSaysWhoIsThere) {
    const auto link = started();
    EXPECT_EQ(link->info().worker, "rogue");
    EXPECT_THAT(link->info().capabilities, testing::ElementsAre("trouble"));
    EXPECT_TRUE(link->alive());
    EXPECT_TRUE(link->shutdown().ok());
    EXPECT_FALSE(link->alive());
}

TEST(WorkerLinkTest, EndsTheProcessWithTheObject) {
    auto link = started();
    const auto pid = link->pid();
    link.reset();
    EXPECT_TRUE(is_gone(pid));
}

TEST(WorkerLinkTest, SaysWhyAWorkerDidNotStart) {
    auto missing = options();
    missing.executable = "/nowhere/worker";
    auto none = TestLink::start(missing);
    ASSERT_FALSE(none.ok());
    EXPECT_EQ(none.error().code, ErrorCode::unavailable);
    EXPECT_THAT(none.error().detail, AllOf(HasSubstr("worker"), Not(HasSubstr("/nowhere"))));

    auto mute = options();
    mute.environment = {{"ROGUE_NO_HELLO", "1"}};
    auto ended = TestLink::start(mute);
    ASSERT_FALSE(ended.ok());
    EXPECT_EQ(ended.error().code, ErrorCode::unavailable);
    EXPECT_THAT(ended.error().detail, AllOf(HasSubstr("status 3"), HasSubstr("I say nothing")));

    auto silent = options();
    silent.environment = {{"ROGUE_SILENT", "1"}};
    silent.hello_timeout_ms = 50;
    auto late = TestLink::start(silent);
    ASSERT_FALSE(late.ok());
    EXPECT_THAT(late.error().detail, HasSubstr("said no hello in time"));
}

TEST(WorkerLinkTest, CarriesBinaryBothWays) {
    const auto link = started();
    std::string data(5U << 20U, 'd');
    data[12345] = '\0';
    std::string back;
    const auto answer =
        link->exchange_run({{"task", "echo"}}, data, {},
                           [&](const json::object& body, std::string binary) -> Result<void> {
                               EXPECT_EQ(body.at("got").to_number<std::size_t>(), data.size());
                               back = std::move(binary);
                               return {};
                           },
                           {}, {});
    ASSERT_TRUE(answer.ok()) << answer.error().detail;
    EXPECT_TRUE(answer->at("fine").as_bool());
    EXPECT_EQ(back, data);
    EXPECT_GT(link->resident_bytes(), 1U << 20U);
}

TEST(WorkerLinkTest, FeedsMoreInputThanAnyBufferHolds) {
    const auto link = started();
    int given = 0;
    const auto answer = link->exchange_run({{"task", "count_input"}}, {}, {}, {},
                                           [&]() -> std::optional<InputPiece> {
                                               if (++given > 101) return std::nullopt;
                                               if (given == 101) return InputPiece{{{"last", true}}, {}};
                                               return InputPiece{{}, std::string(100'000, 'i')};
                                           },
                                           {});
    ASSERT_TRUE(answer.ok()) << answer.error().detail;
    EXPECT_EQ(answer->at("pieces").as_int64(), 100);
    EXPECT_EQ(answer->at("bytes").as_int64(), 10'000'000);
}

TEST(WorkerLinkTest, GoesOnAfterARunThatLeftInputUnread) {
    const auto link = started();
    std::atomic<int> given{0};
    const auto answer = link->exchange_run({{"task", "ignore_input"}}, {}, {}, {},
                                           [&]() -> std::optional<InputPiece> {
                                               if (++given > 50) return std::nullopt;
                                               return InputPiece{{}, std::string(100'000, 'i')};
                                           },
                                           {});
    ASSERT_TRUE(answer.ok());
    EXPECT_TRUE(link->run("ignore_input").ok());
}

TEST(WorkerLinkTest, HandsOnFailuresAndTheWorkerLives) {
    const auto link = started();
    const auto answer = link->run("something unknown");
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, ErrorCode::invalid_field);
    EXPECT_EQ(answer.error().field, "task");
    EXPECT_EQ(answer.error().detail, "cannot read file.bin");

    const auto thrown = link->run("throw");
    ASSERT_FALSE(thrown.ok());
    EXPECT_EQ(thrown.error().code, ErrorCode::engine_failed);
    EXPECT_EQ(thrown.error().detail, "thrown on purpose");

    const auto no_models = link->exchange_load({"m", "f", {{"model", "/x"}}, {}}, {}, {});
    ASSERT_FALSE(no_models.ok());
    EXPECT_EQ(no_models.error().code, ErrorCode::unavailable);
    EXPECT_TRUE(link->run("ignore_input").ok());
}

TEST(WorkerLinkTest, TurnsAnAbortIntoAnErrorWithTheEnginesLastWords) {
    const auto link = started();
    const auto answer = link->run("abort");
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, ErrorCode::engine_failed);
    EXPECT_THAT(answer.error().detail,
                AllOf(HasSubstr("signal 6"), HasSubstr("ggml.c:1: GGML_ASSERT(a == b) failed"),
                      Not(HasSubstr("/build"))));
    EXPECT_FALSE(link->alive());
    const auto next = link->run("echo");
    ASSERT_FALSE(next.ok());
    EXPECT_EQ(next.error().code, ErrorCode::unavailable);
}

TEST(WorkerLinkTest, NoticesEveryKindOfEnd) {
    for (const auto& [task, words] :
         {std::pair{"exit", "status 7"}, std::pair{"garbage", "does not keep to the protocol"},
          std::pair{"wrong_preview", "preview of the wrong size"}}) {
        const auto link = started();
        const auto answer = link->run(task);
        ASSERT_FALSE(answer.ok()) << task;
        EXPECT_EQ(answer.error().code, ErrorCode::engine_failed) << task;
        EXPECT_THAT(answer.error().detail, HasSubstr(words)) << task;
        EXPECT_TRUE(link->shutdown().ok() || !link->alive());
    }
}

TEST(WorkerLinkTest, KillsAWorkerThatGivesNoSignOfLife) {
    auto impatient = options();
    impatient.patience.silence_max_ms = 300;
    const auto link = started(impatient);
    const auto answer = link->run("hang");
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, ErrorCode::engine_failed);
    EXPECT_THAT(answer.error().detail, HasSubstr("no sign of life"));
    EXPECT_FALSE(link->alive());
}

TEST(WorkerLinkTest, CancelsARunAndTheWorkerLives) {
    const auto link = started();
    std::stop_source stop;
    RunCallbacks callbacks;
    callbacks.progress = [&](const Progress&) { stop.request_stop(); };
    const auto answer = link->run("wait", callbacks, stop.get_token());
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, ErrorCode::canceled);
    EXPECT_TRUE(link->run("ignore_input").ok());

    const auto before = link->run("wait", {}, stop.get_token());
    ASSERT_FALSE(before.ok());
    EXPECT_EQ(before.error().code, ErrorCode::canceled);
}

TEST(WorkerLinkTest, CancelsARunThatWaitsForInput) {
    const auto link = started();
    std::stop_source stop;
    std::atomic<bool> asked{false};
    RunCallbacks callbacks;
    callbacks.progress = [&](const Progress&) { stop.request_stop(); };
    const auto answer = link->exchange_run(
        {{"task", "count_input"}}, {}, callbacks, {},
        [&]() -> std::optional<InputPiece> {
            if (asked.exchange(true)) return std::nullopt;
            return InputPiece{{}, "one"};
        },
        stop.get_token());
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, ErrorCode::canceled);
    EXPECT_TRUE(link->alive());
}

TEST(WorkerLinkTest, KillsAWorkerThatDoesNotStopWhenAsked) {
    auto impatient = options();
    impatient.cancel_timeout_ms = 200;
    const auto link = started(impatient);
    std::stop_source stop;
    RunCallbacks callbacks;
    callbacks.progress = [&](const Progress&) { stop.request_stop(); };
    const auto answer = link->run("hang", callbacks, stop.get_token());
    ASSERT_FALSE(answer.ok());
    EXPECT_THAT(answer.error().detail, HasSubstr("did not stop when it was asked to"));
    EXPECT_FALSE(link->alive());
}

TEST(WorkerLinkTest, StopsARunWhoseOutputIsNotWanted) {
    const auto link = started();
    int taken = 0;
    const auto answer = link->exchange_run({{"task", "outputs"}}, {}, {},
                                           [&](const json::object&, const std::string&) -> Result<void> {
                                               ++taken;
                                               return Error{ErrorCode::held, "not this one", ""};
                                           },
                                           {}, {});
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, ErrorCode::held);
    EXPECT_EQ(taken, 1);
    EXPECT_TRUE(link->run("ignore_input").ok());
}

TEST(WorkerLinkTest, KillEndsARunOnAnotherThread) {
    const auto link = started();
    RunCallbacks callbacks;
    std::jthread killer;
    callbacks.progress = [&](const Progress&) { killer = std::jthread([&] { link->kill(); }); };
    const auto answer = link->run("hang", callbacks);
    ASSERT_FALSE(answer.ok());
    EXPECT_THAT(answer.error().detail, HasSubstr("signal 9"));
}

TEST(WorkerLinkTest, RefusesARunThatIsTooLargeAndStaysUsable) {
    const auto link = started();
    const auto answer = link->exchange_run({{"task", std::string(2U << 20U, 'x')}}, {}, {}, {}, {}, {});
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, ErrorCode::too_large);
    EXPECT_TRUE(link->run("ignore_input").ok());
}

TEST(WorkerLinkTest, PassesNothingOfOurEnvironmentOnButWhatAWorkerNeeds) {
    setenv("OURVIDZ_MASTER_KEY", "secret", 1);
    const auto link = started();
    const auto answer = link->run("environment");
    unsetenv("OURVIDZ_MASTER_KEY");
    ASSERT_TRUE(answer.ok());
    EXPECT_FALSE(answer->contains("OURVIDZ_MASTER_KEY=secret"));
    EXPECT_TRUE(answer->contains("OMP_WAIT_POLICY=passive"));
    EXPECT_TRUE(answer->contains("GGML_NO_BACKTRACE=1"));
}

}  // namespace
}  // namespace ourvidz::engine
