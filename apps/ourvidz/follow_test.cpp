#include "follow.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <mutex>

#include "exit_status.h"
#include "http/sse.h"
#include "http/test_support.h"

namespace ourvidz::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
namespace asio = boost::asio;

// A server that plays one generation: what each connection to the event stream is sent, in turn, and what the
// generation is at the moment. The stream then ends, as it does when a server restarts.
class PlayedServer {
  public:
    using Connection = std::vector<std::string>;

    explicit PlayedServer(std::vector<Connection> connections) : connections_(std::move(connections)) {
        router_.add("GET", "/api/v1/events", {}, [this](http::Request) -> asio::awaitable<http::Response> {
            http::Response response;
            response.headers = {{"Content-Type", "text/event-stream"}};
            const std::size_t number = opened_++;
            response.stream = [this, number](http::Stream& stream) -> asio::awaitable<void> {
                if (number >= connections_.size()) co_return;
                for (const auto& event : connections_[number]) {
                    const bool reader_is_there = co_await stream.write(event);
                    if (!reader_is_there) co_return;
                }
            };
            co_return response;
        });
        router_.add(
            "GET", "/api/v1/generations/{id}", {},
            [this](http::Request) -> asio::awaitable<http::Response> { co_return answer(generation()); });
        router_.add("POST", "/api/v1/generations/{id}/cancel", {http::BodyUse::memory},
                    [this](http::Request) -> asio::awaitable<http::Response> {
                        ++cancels_;
                        auto before = generation();
                        set_state("canceled");
                        co_return answer(before);
                    });
        server_ = std::make_unique<http::testing::TestServer>(router_);
    }

    static http::Response answer(const json::object& body) {
        http::Response response;
        response.headers = {{"Content-Type", "application/json"}};
        response.body = json::serialize(body);
        return response;
    }
    json::object generation() {
        const std::lock_guard lock(mutex_);
        return {{"id", "gen_1"}, {"state", state_}, {"text", text_}};
    }
    void set_state(const std::string& state, const std::string& text = "") {
        const std::lock_guard lock(mutex_);
        state_ = state;
        text_ = text;
    }
    [[nodiscard]] Server address() const { return {server_->url(), ""}; }
    [[nodiscard]] std::size_t opened() const { return opened_; }
    [[nodiscard]] int cancels() const { return cancels_; }

  private:
    std::vector<Connection> connections_;
    http::Router router_;
    std::mutex mutex_;
    std::string state_ = "running";
    std::string text_;
    std::atomic<std::size_t> opened_ = 0;
    std::atomic<int> cancels_ = 0;
    std::unique_ptr<http::testing::TestServer> server_;
};

std::string event(std::string_view name, const json::object& data) {
    return http::sse_event(name, json::serialize(data));
}

const std::string hello = event("hello", {{"last_event_id", 7}});

std::string words(std::int64_t offset, std::string_view text) {
    return event("text", {{"generation_id", "gen_1"}, {"offset", offset}, {"text", text}});
}

TEST(Follow, EndsWithTheGenerationAndPassesItsProgressOn) {
    PlayedServer server({{hello, event("progress", {{"generation_id", "gen_2"}, {"fraction", 0.1}}),
                          event("progress", {{"generation_id", "gen_1"}, {"fraction", 0.5}}),
                          event("generation", {{"id", "gen_2"}, {"state", "failed"}}),
                          event("generation", {{"id", "gen_1"}, {"state", "succeeded"}})}});
    Interrupt interrupt;
    std::vector<double> fractions;
    FollowCallbacks callbacks;
    callbacks.progress = [&](const json::object& progress) {
        fractions.push_back(progress.at("fraction").as_double());
    };
    const auto generation = follow(server.address(), "gen_1", interrupt, callbacks);
    ASSERT_TRUE(generation) << generation.error().detail;
    EXPECT_THAT(fractions, ElementsAre(0.5));
    EXPECT_EQ(server.opened(), 1U);
}

TEST(Follow, OneThatIsOverBeforeTheStreamIsOpenNeedsNoEvent) {
    PlayedServer server({{hello}});
    server.set_state("failed");
    Interrupt interrupt;
    const auto generation = follow(server.address(), "gen_1", interrupt, {});
    ASSERT_TRUE(generation);
    EXPECT_EQ(text_member(*generation, "state"), "failed");
    EXPECT_EQ(server.opened(), 1U);
}

TEST(Follow, WordsComeOnceAndInOrderWhateverIsSentAgain) {
    PlayedServer server({{hello, words(0, "A red "), words(2, "red fox"), words(20, "lost piece")},
                         {hello, words(0, "A red fox in"), words(12, " the"), words(12, " the"),
                          event("generation", {{"id", "gen_1"}, {"state", "succeeded"}})}});
    Interrupt interrupt;
    std::string said;
    FollowCallbacks callbacks;
    callbacks.words = [&](std::string_view text) {
        said += text;
        if (said == "A red fox in the") server.set_state("succeeded", "A red fox in the snow.");
    };
    const auto generation = follow(server.address(), "gen_1", interrupt, callbacks);
    ASSERT_TRUE(generation) << generation.error().detail;
    EXPECT_EQ(said, "A red fox in the snow.");
    EXPECT_EQ(server.opened(), 2U);
}

TEST(Follow, GivesUpOnAServerThatDoesNotComeBack) {
    Interrupt interrupt;
    const auto generation = follow({"http://127.0.0.1:1", ""}, "gen_1", interrupt, {}, OnStop::cancel,
                                   {2, std::chrono::milliseconds(1)});
    ASSERT_FALSE(generation);
    EXPECT_EQ(generation.error().code, ErrorCode::unavailable);
    EXPECT_THAT(generation.error().detail, HasSubstr("ourvidz fetch gen_1"));
}

TEST(Follow, ARequestToStopCancelsAndWaitsForTheEnd) {
    Interrupt interrupt;  // before the server's thread, which else would take the signal
    PlayedServer server({{hello}, {hello}, {hello}, {hello}, {hello}});
    kill(getpid(), SIGINT);
    const auto generation = follow(server.address(), "gen_1", interrupt, {});
    ASSERT_TRUE(generation) << generation.error().detail;
    EXPECT_EQ(text_member(*generation, "state"), "canceled");
    EXPECT_EQ(server.cancels(), 1);
    EXPECT_TRUE(interrupt.requested());
}

TEST(Follow, ARequestToStopMayLeaveItToGoOn) {
    Interrupt interrupt;
    PlayedServer server({{hello}, {hello}, {hello}, {hello}, {hello}});
    kill(getpid(), SIGINT);
    const auto generation = follow(server.address(), "gen_1", interrupt, {}, OnStop::leave);
    ASSERT_FALSE(generation);
    EXPECT_EQ(generation.error().code, ErrorCode::canceled);
    EXPECT_THAT(generation.error().detail, HasSubstr("ourvidz fetch gen_1"));
    EXPECT_EQ(server.cancels(), 0);
}

}  // namespace
}  // namespace ourvidz::cli
