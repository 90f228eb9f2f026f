// What a media worker that lives for months may keep of each run: next to nothing.
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "media/media_client.h"
#include "media/worker/test_pictures.h"

namespace ourvidz::media {
namespace {

constexpr int side = 256;
constexpr int warm_up_runs = 150;
constexpr int measured_runs = 350;
constexpr int clip_every = 50;
constexpr long kept_bytes_max = 1024;  // of one run, on average

// Private memory: what files map is left out.
long private_kib(int pid) {
    std::ifstream status("/proc/" + std::to_string(pid) + "/status");
    for (std::string name; status >> name;) {
        long kib = 0;
        if (name == "RssAnon:" && status >> kib) return kib;
    }
    return -1;
}

class MediaMemoryTest : public ::testing::Test {
  protected:
    void SetUp() override {
        MediaOptions options;
        options.executable = testing::worker_path();
        options.threads = 2;
        auto started = MediaClient::start(options, clock_);
        ASSERT_TRUE(started.ok()) << started.error().detail;
        client_ = std::move(*started);
    }

    void make_clip() {
        ClipRequest request;
        request.frames_in = request.fps_out = 4;
        request.seconds = 1;
        request.width_in = request.height_in = request.width = request.height = side;
        auto session = client_->start_clip(request);
        ASSERT_TRUE(session.ok());
        for (int i = 0; i < request.frames_in; ++i) ASSERT_TRUE((*session)->add(picture_).ok());
        ASSERT_TRUE((*session)->finish().ok());
    }

    // Everything that is asked of a worker, in turn.
    void work(int runs) {
        for (int i = 1; i <= runs && !HasFatalFailure(); ++i) {
            if (i % clip_every == 0) {
                make_clip();
            } else if (i % 4 == 0) {
                ASSERT_TRUE(client_->finish_picture(picture_, {side, side, 1, Upscaler::lanczos, {}}).ok());
            } else if (i % 4 == 1) {
                ASSERT_TRUE(client_->decode_upload(png_).ok());
            } else if (i % 4 == 2) {
                ASSERT_TRUE(client_->decode_source(png_, side / 2, side / 2).ok());
            } else {
                ASSERT_TRUE(client_->preview(picture_).ok());
            }
        }
    }

    SystemClock clock_;
    std::unique_ptr<MediaClient> client_;
    const Rgb8 picture_ = testing::disk(side, side, 120, 120, 70);
    std::string png_;
};

TEST_F(MediaMemoryTest, AWorkerDoesNotGrowWithItsRuns) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "a sanitizer keeps what is freed";
#endif
    auto finished = client_->finish_picture(picture_, {side, side, 1, Upscaler::lanczos, {}});
    ASSERT_TRUE(finished.ok()) << finished.error().detail;
    png_ = std::move(finished->picture.bytes);
    const auto pids = client_->worker_pids();
    ASSERT_EQ(pids.size(), 1U);
    work(warm_up_runs);
    const long before = private_kib(pids[0]);
    ASSERT_GT(before, 0);
    work(measured_runs);
    EXPECT_EQ(client_->worker_pids(), pids);
    RecordProperty("kib_grown", std::to_string(private_kib(pids[0]) - before));
    EXPECT_LE((private_kib(pids[0]) - before) * 1024, kept_bytes_max * measured_runs)
        << before << " KiB after " << warm_up_runs << " runs";
}

}  // namespace
}  // namespace ourvidz::media
