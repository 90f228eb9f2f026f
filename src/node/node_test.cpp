// The whole node against a server's calls over real sockets, with the real workers and the default models.
#include "node/node.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "node/studio_double.h"
#include "node/test_places.h"

namespace ourvidz::node {
namespace {

using testing::AttemptRecord;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using testing::StudioDouble;

namespace fs = std::filesystem;

Options options_for(const StudioDouble& studio) {
    Options options;
    options.server = {studio.url(), "secret"};
    options.executables = testing::executables();
    options.upscaler_onnx = testing::upscaler();
    options.catalog = testing::catalog_places();
    return options;
}

// A node on a thread of its own.
class RunningNode {
  public:
    explicit RunningNode(Options options)
        : thread_([this, options = std::move(options)] {
              const auto ended = run(options, stop_);
              if (!ended) ADD_FAILURE() << ended.error().detail;
          }) {}
    ~RunningNode() { end(); }
    void end() {
        stop_ = true;
        if (thread_.joinable()) thread_.join();
    }

  private:
    std::atomic<bool> stop_ = false;
    std::thread thread_;
};

json::object settings(std::string prompt, int steps) {
    return {
        {"prompt", std::move(prompt)}, {"width", 512}, {"height", 512}, {"steps", steps}, {"guidance", 2.5},
        {"sampler", "euler"},          {"seed", 7}};
}

json::object image_lease(int batch = 1, int steps = 8) {
    return {{"kind", "image_fast"},
            {"model", "nano"},
            {"settings", settings("a red fox on a light blue background", steps)},
            {"batch", batch}};
}

json::object chat_lease(std::string words) {
    return {{"kind", "chat_conversation"},
            {"model", "smollm2-135m-instruct"},
            {"settings", {{"seed", 1}}},
            {"messages", json::array{json::object{{"role", "user"}, {"text", std::move(words)}}}}};
}

bool succeeded(const AttemptRecord& record) {
    return record.finishes.size() == 1 && record.finishes[0].at("outcome") == "succeeded";
}

std::string shown(const AttemptRecord& record) {
    return record.finishes.empty() ? "no finish" : json::serialize(record.finishes[0]);
}

class NodeTest : public ::testing::Test {
  protected:
    StudioDouble studio_;
};

TEST_F(NodeTest, MakesTheMissingPicturesOfABatch) {
    const RunningNode node(options_for(studio_));
    json::object lease = image_lease(3);
    lease["done_positions"] = json::array{1};
    const auto attempt = studio_.offer(lease);
    ASSERT_TRUE(studio_.wait_until_finished(attempt));
    const auto record = studio_.record(attempt);
    ASSERT_TRUE(succeeded(record)) << shown(record);
    ASSERT_EQ(record.outputs.size(), 2U);
    EXPECT_EQ(record.outputs[0].at("position"), 0);
    EXPECT_EQ(record.outputs[0].at("seed"), 7);
    EXPECT_EQ(record.outputs[1].at("position"), 2);
    EXPECT_EQ(record.outputs[1].at("seed"), 9);
    for (const auto& output : record.outputs) {
        EXPECT_EQ(output.at("width"), 512);
        EXPECT_EQ(output.at("height"), 512);
        const auto& files = output.at("files").as_object();
        const auto& original = files.at("original").as_object();
        EXPECT_EQ(original.at("content_type"), "image/png");
        EXPECT_THAT(record.files.at(std::string(original.at("file").as_string())), StartsWith("\x89PNG"));
        EXPECT_THAT(record.files.at(std::string(files.at("thumbnail").at("file").as_string())),
                    HasSubstr("WEBP"));
        EXPECT_EQ(output.at("recipe").at("settings").at("steps"), 8);
    }
    EXPECT_FALSE(record.progress.empty());
}

TEST_F(NodeTest, ShowsPreviewsAndProgressThatRises) {
    const RunningNode node(options_for(studio_));
    const auto attempt = studio_.offer(image_lease(1, 30));
    ASSERT_TRUE(studio_.wait_until_finished(attempt));
    const auto record = studio_.record(attempt);
    ASSERT_TRUE(succeeded(record)) << shown(record);
    ASSERT_FALSE(record.previews.empty());
    EXPECT_THAT(record.previews.front(), HasSubstr("WEBP"));
    double before = 0;
    for (const auto& report : record.progress) {
        const double fraction = report.at("fraction").to_number<double>();
        EXPECT_GE(fraction, before);
        before = fraction;
    }
    EXPECT_GT(before, 0.3);
}

TEST_F(NodeTest, StreamsAnAnswerWhoseWordsAreThoseOfTheFinish) {
    const RunningNode node(options_for(studio_));
    const auto attempt = studio_.offer(chat_lease("Describe a quiet harbour at dawn in three sentences."));
    ASSERT_TRUE(studio_.wait_until_finished(attempt));
    const auto record = studio_.record(attempt);
    ASSERT_TRUE(succeeded(record)) << shown(record);
    const std::string whole(record.finishes[0].at("text").as_string());
    const std::string streamed = record.text();
    EXPECT_GT(whole.size(), 20U);
    EXPECT_GT(record.progress.size(), 2U) << "it came in pieces";
    EXPECT_THAT(whole, StartsWith(streamed));
    EXPECT_GT(streamed.size(), whole.size() / 2);
}

TEST_F(NodeTest, EnrichesAPromptAndKeepsItsWords) {
    const RunningNode node(options_for(studio_));
    const auto attempt = studio_.offer({{"kind", "chat_enhance"},
                                        {"model", "smollm2-135m-instruct"},
                                        {"settings", {{"prompt", "a lighthouse at night."}, {"seed", 3}}}});
    ASSERT_TRUE(studio_.wait_until_finished(attempt));
    const auto record = studio_.record(attempt);
    ASSERT_TRUE(succeeded(record)) << shown(record);
    const std::string text(record.finishes[0].at("text").as_string());
    EXPECT_THAT(text, StartsWith("a lighthouse at night, "));
    EXPECT_GE(std::count(text.begin(), text.end(), ','), 4) << text;
}

TEST_F(NodeTest, RefusesWhatTheGateRefusesAndAsksForNoRetry) {
    const RunningNode node(options_for(studio_));
    json::object lease = image_lease();
    lease["settings"].as_object()["prompt"] = "a child in a swimsuit";
    const auto attempt = studio_.offer(lease);
    ASSERT_TRUE(studio_.wait_until_finished(attempt));
    const auto record = studio_.record(attempt);
    EXPECT_EQ(record.finishes[0].at("outcome"), "failed");
    EXPECT_EQ(record.finishes[0].at("code"), "refused");
    EXPECT_EQ(record.finishes[0].at("retry"), false);
    EXPECT_FALSE(record.finishes[0].at("detail").as_string().empty());
    EXPECT_TRUE(record.files.empty());
    EXPECT_TRUE(record.previews.empty());
}

TEST_F(NodeTest, KeepsBackPixelsThatItsGateCannotJudge) {
    const RunningNode node(options_for(studio_));
    const auto first = studio_.offer(image_lease());
    ASSERT_TRUE(studio_.wait_until_finished(first));
    const auto made = studio_.record(first);
    json::object lease = image_lease();
    // As of an upload: its checks are not installed.
    lease["inputs"] = {studio_.set_source(
        made.files.at(std::string(made.outputs[0].at("files").at("original").at("file").as_string())),
        false)};
    lease["settings"].as_object()["strength"] = 0.5;
    const auto attempt = studio_.offer(lease);
    ASSERT_TRUE(studio_.wait_until_finished(attempt));
    const auto record = studio_.record(attempt);
    EXPECT_EQ(record.finishes[0].at("outcome"), "failed");
    EXPECT_EQ(record.finishes[0].at("code"), "held");
    EXPECT_EQ(record.finishes[0].at("retry"), false);
    EXPECT_TRUE(record.files.empty());
    EXPECT_TRUE(record.previews.empty());
}

TEST_F(NodeTest, DrawsOverASourcePicture) {
    const RunningNode node(options_for(studio_));
    const auto first = studio_.offer(image_lease());
    ASSERT_TRUE(studio_.wait_until_finished(first));
    const auto made = studio_.record(first);
    json::object lease = image_lease();
    lease["inputs"] = {studio_.set_source(
        made.files.at(std::string(made.outputs[0].at("files").at("original").at("file").as_string())), true)};
    lease["settings"].as_object()["strength"] = 0.4;
    const auto attempt = studio_.offer(lease);
    ASSERT_TRUE(studio_.wait_until_finished(attempt));
    const auto record = studio_.record(attempt);
    ASSERT_TRUE(succeeded(record)) << shown(record);
    EXPECT_EQ(record.outputs[0].at("recipe").at("settings").at("strength"), 0.4);
}

TEST_F(NodeTest, DrawsOverNothingButThePictureThatTheLeaseNames) {
    const RunningNode node(options_for(studio_));
    json::object lease = image_lease();
    auto input = studio_.set_source("some other bytes", true);
    input["sha256"] = std::string(64, '0');
    lease["inputs"] = {input};
    lease["settings"].as_object()["strength"] = 0.4;
    const auto attempt = studio_.offer(lease);
    ASSERT_TRUE(studio_.wait_until_finished(attempt));
    const auto record = studio_.record(attempt);
    EXPECT_EQ(record.finishes[0].at("outcome"), "failed");
    EXPECT_EQ(record.finishes[0].at("code"), "unavailable");
    EXPECT_EQ(record.finishes[0].at("retry"), true);
    EXPECT_TRUE(record.files.empty());
}

TEST_F(NodeTest, MakesAClipOfExactlyEightyFramesFromKeyFrames) {
    const RunningNode node(options_for(studio_));
    const auto attempt = studio_.offer({{"kind", "video_fast"},
                                        {"model", "nano"},
                                        {"settings", settings("a red fox on a light blue background", 8)}});
    ASSERT_TRUE(studio_.wait_until_finished(attempt, 240'000));
    const auto record = studio_.record(attempt);
    ASSERT_TRUE(succeeded(record)) << shown(record);
    ASSERT_EQ(record.outputs.size(), 1U);
    const auto& output = record.outputs[0];
    EXPECT_EQ(output.at("medium"), "video");
    EXPECT_EQ(output.at("duration_ms"), 5000);
    EXPECT_EQ(output.at("recipe").at("frames"), 80);
    EXPECT_EQ(output.at("recipe").at("method"), "keyframes");
    EXPECT_EQ(output.at("files").at("original").at("content_type"), "video/mp4");
    const auto& mp4 = record.files.at(std::string(output.at("files").at("original").at("file").as_string()));
    EXPECT_THAT(mp4.substr(0, 16), HasSubstr("ftyp"));
    EXPECT_FALSE(record.previews.empty());
    if (const char* folder = std::getenv("OURVIDZ_TEST_KEEP")) {
        std::ofstream(fs::path(folder) / "clip.mp4", std::ios::binary) << mp4;
    }
}

TEST_F(NodeTest, StopsAJobThatIsCanceledAndTakesTheNext) {
    const RunningNode node(options_for(studio_));
    const auto attempt = studio_.offer(image_lease(6, 40));
    ASSERT_TRUE(
        studio_.wait_for(attempt, [](const AttemptRecord& record) { return record.outputs.size() == 1; }));
    studio_.cancel(attempt);
    ASSERT_TRUE(studio_.wait_until_finished(attempt));
    const auto record = studio_.record(attempt);
    EXPECT_EQ(record.finishes[0].at("outcome"), "canceled") << shown(record);
    EXPECT_LT(record.outputs.size(), 4U);
    const auto next = studio_.offer(image_lease());
    ASSERT_TRUE(studio_.wait_until_finished(next));
    EXPECT_TRUE(succeeded(studio_.record(next)));
}

TEST_F(NodeTest, ForgetsAJobWhoseLeaseIsLost) {
    const RunningNode node(options_for(studio_));
    const auto attempt = studio_.offer(image_lease(6, 40));
    ASSERT_TRUE(
        studio_.wait_for(attempt, [](const AttemptRecord& record) { return record.outputs.size() == 1; }));
    studio_.lose(attempt);
    const auto next = studio_.offer(image_lease());
    ASSERT_TRUE(studio_.wait_until_finished(next));
    EXPECT_TRUE(succeeded(studio_.record(next)));
    EXPECT_TRUE(studio_.record(attempt).finishes.empty());
    EXPECT_LT(studio_.record(attempt).outputs.size(), 4U);
}

TEST_F(NodeTest, KeepsWorkingWhileTheServerIsAwayAndDeliversWhenItIsBack) {
    const RunningNode node(options_for(studio_));
    const auto attempt = studio_.offer(image_lease(1, 40));
    ASSERT_TRUE(
        studio_.wait_for(attempt, [](const AttemptRecord& record) { return !record.progress.empty(); }));
    studio_.go_away();
    std::this_thread::sleep_for(
        std::chrono::seconds(3));  // longer than the picture takes: it must wait for the server
    studio_.come_back();
    ASSERT_TRUE(studio_.wait_until_finished(attempt));
    const auto record = studio_.record(attempt);
    EXPECT_TRUE(succeeded(record)) << shown(record);
    EXPECT_EQ(record.outputs.size(), 1U);
    const auto next = studio_.offer(image_lease());
    ASSERT_TRUE(studio_.wait_until_finished(next));
    EXPECT_TRUE(succeeded(studio_.record(next)));
}

// The image worker, which is loaded from the start.
pid_t child_named(const std::string& name) {
    for (const auto& process : fs::directory_iterator("/proc")) {
        std::ifstream stat(process.path() / "stat");
        int pid = 0;
        std::string command, state;
        int parent = 0;
        if (stat >> pid >> command >> state >> parent && parent == getpid() &&
            command == "(" + name.substr(0, 15) + ")")
            return pid;
    }
    return 0;
}

TEST_F(NodeTest, ACrashOfOneWorkerCostsItsAttemptAndNothingElse) {
    const RunningNode node(options_for(studio_));
    const auto picture = studio_.offer(image_lease(6, 40));
    ASSERT_TRUE(
        studio_.wait_for(picture, [](const AttemptRecord& record) { return record.outputs.size() == 1; }));
    const auto answer =
        studio_.offer(chat_lease("Tell me a short story about a lighthouse keeper and a fox."));
    ASSERT_TRUE(
        studio_.wait_for(answer, [](const AttemptRecord& record) { return !record.progress.empty(); }));
    const pid_t worker = child_named("diffusion_worker");
    ASSERT_NE(worker, 0);
    kill(worker, SIGKILL);
    ASSERT_TRUE(studio_.wait_until_finished(picture));
    const auto record = studio_.record(picture);
    EXPECT_EQ(record.finishes[0].at("outcome"), "failed");
    EXPECT_EQ(record.finishes[0].at("code"), "engine_failed");
    EXPECT_EQ(record.finishes[0].at("retry"), true);
    EXPECT_FALSE(record.outputs.empty()) << "what was delivered before stays";
    ASSERT_TRUE(studio_.wait_until_finished(answer));
    EXPECT_TRUE(succeeded(studio_.record(answer))) << shown(studio_.record(answer));
    const auto next = studio_.offer(image_lease());
    ASSERT_TRUE(studio_.wait_until_finished(next));
    EXPECT_TRUE(succeeded(studio_.record(next))) << shown(studio_.record(next));
}

TEST_F(NodeTest, GivesRunningJobsBackWhenItEnds) {
    RunningNode node(options_for(studio_));
    const auto attempt = studio_.offer(image_lease(6, 40));
    ASSERT_TRUE(
        studio_.wait_for(attempt, [](const AttemptRecord& record) { return record.outputs.size() == 1; }));
    node.end();
    const auto record = studio_.record(attempt);
    ASSERT_EQ(record.finishes.size(), 1U);
    EXPECT_EQ(record.finishes[0].at("outcome"), "released");
}

TEST_F(NodeTest, TellsWhatItsWorkersDo) {
    const RunningNode node(options_for(studio_));
    ASSERT_TRUE(studio_.wait_for_status([](const json::object& status) {
        if (!status.contains("workers")) return false;
        // The server refuses a status with anything else in it.
        EXPECT_EQ(status.size(), 5U);
        EXPECT_THAT(status.at("models").as_array(), ::testing::Contains("nano"));
        EXPECT_GT(status.at("memory_mb").to_number<int>(), status.at("memory_used_mb").to_number<int>());
        EXPECT_THAT(std::string(status.at("note").as_string()), HasSubstr("This machine"));
        const auto& first = status.at("workers").as_array().at(0).as_object();
        return first.at("name") == "image:0" && first.at("detail").as_string().starts_with("ready with nano");
    })) << "the image worker is loaded without a job";
}

}  // namespace
}  // namespace ourvidz::node
