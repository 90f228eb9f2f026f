#include "node/answer_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "node/studio_double.h"
#include "node/test_places.h"

namespace ourvidz::node {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

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

// A job without an engine: its words come from the test.
class AnswerStreamTest : public ::testing::Test {
  protected:
    void SetUp() override {
        ASSERT_TRUE(gate_.ok());
        ASSERT_TRUE(media_.ok()) << media_.error().detail;
        lease_.attempt_id = studio_.offer({{"kind", "chat_conversation"}});
        lease_.fence = 1;
        link_.emplace(server_, lease_.attempt_id, lease_.fence, limits_, random_, control_.delivery());
        job_.emplace(Job{lease_,
                         entry_,
                         spec_,
                         WorkerKind::chat,
                         {},
                         pool_,
                         **media_,
                         **gate_,
                         server_,
                         limits_,
                         random_,
                         *link_,
                         control_});
    }
    static media::MediaOptions media_options() {
        media::MediaOptions options;
        options.executable = testing::executables() / "media_worker";
        return options;
    }
    testing::AttemptRecord record() const { return studio_.record(lease_.attempt_id); }
    bool wait_for_text(const std::string& text) {
        return studio_.wait_for(lease_.attempt_id, [&](const auto& record) { return record.text() == text; });
    }

    testing::StudioDouble studio_;
    SystemClock clock_;
    Random random_ = [] { return 0.5; };
    Result<std::unique_ptr<safety::Gate>> gate_ = safety::Gate::open();
    Result<std::unique_ptr<media::MediaClient>> media_ = media::MediaClient::start(media_options(), clock_);
    WorkerPool pool_{{}, clock_, random_};
    ServerAddress server_{studio_.url(), ""};
    PatienceLimits limits_;
    Lease lease_;
    catalog::Entry entry_;
    catalog::KindSpec spec_;
    JobControl control_;
    std::optional<AttemptLink> link_;
    std::optional<Job> job_;
};

TEST_F(AnswerStreamTest, SendsWholeWordsOnlyAndTheFirstAtOnce) {
    AnswerStream stream(*job_, {"Hello"}, "", 100);
    stream.add("A red");
    ASSERT_TRUE(wait_for_text("A ")) << "the end of 'red' has not been seen";
    stream.add(" fox.");
    ASSERT_TRUE(wait_for_text("A red "));
    const auto answer = stream.finish();
    ASSERT_TRUE(answer.ok());
    EXPECT_EQ(answer->artifact().text, "A red fox.");
}

TEST_F(AnswerStreamTest, BeginsWithTheHead) {
    AnswerStream stream(*job_, {"a boat"}, "a boat, ", 100);
    ASSERT_TRUE(wait_for_text("a boat, "));
}

TEST_F(AnswerStreamTest, StopsTheEngineAtWordsThatTheGateRefusesAndSendsNoneOfThem) {
    AnswerStream stream(*job_, {"Hello"}, "", 100);
    stream.add("Once upon a time there was ");
    ASSERT_TRUE(wait_for_text("Once upon a time there was "));
    const std::stop_token run = control_.run();
    std::promise<void> stopped;
    const std::stop_callback on_stop(run, [&stopped] { stopped.set_value(); });
    stream.add("a child in a swimsuit ");
    ASSERT_EQ(stopped.get_future().wait_for(std::chrono::seconds(60)), std::future_status::ready);
    EXPECT_EQ(control_.reason(), StopReason::refused);
    ASSERT_TRUE(control_.error());
    EXPECT_EQ(control_.error()->code, ErrorCode::refused);
    EXPECT_FALSE(stream.finish().ok());
    EXPECT_THAT(record().text(), Not(HasSubstr("swimsuit")));
}

TEST_F(AnswerStreamTest, ForgetsTheJobWhenItsLeaseIsLost) {
    studio_.lose(lease_.attempt_id);
    AnswerStream stream(*job_, {"Hello"}, "", 100);
    std::promise<void> stopped;
    const std::stop_callback on_stop(control_.run(), [&stopped] { stopped.set_value(); });
    stream.add("A red fox ");
    ASSERT_EQ(stopped.get_future().wait_for(std::chrono::seconds(60)), std::future_status::ready);
    EXPECT_EQ(control_.reason(), StopReason::lost);
}

}  // namespace
}  // namespace ourvidz::node
