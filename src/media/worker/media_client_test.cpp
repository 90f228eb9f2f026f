// The client against real media workers.
#include "media/media_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <random>
#include <thread>
#include <vector>

#include "media/worker/still.h"
#include "media/worker/test_pictures.h"

namespace ourvidz::media {
namespace {

using ::testing::AnyOf;
using testing::disk;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::SizeIs;

MediaOptions options() {
    MediaOptions made;
    made.executable = testing::worker_path();
    made.upscaler_path = testing::upscaler_path();
    made.threads = 2;
    return made;
}

class MediaClientTest : public ::testing::Test {
  protected:
    static void SetUpTestSuite() { ASSERT_TRUE(start_codecs(1).ok()); }
    void SetUp() override { open(options()); }
    void open(const MediaOptions& wanted) {
        client_.reset();
        auto started = MediaClient::start(wanted, clock_);
        ASSERT_TRUE(started.ok()) << started.error().detail;
        client_ = std::move(*started);
    }
    SystemClock clock_;
    std::unique_ptr<MediaClient> client_;
};

TEST_F(MediaClientTest, AnUploadBecomesPngThumbnailAndSample) {
    const auto upload = client_->decode_upload(testing::jpeg_with_exif(disk(1500, 1000, 400, 300, 200), 8));
    ASSERT_TRUE(upload.ok()) << upload.error().detail;
    EXPECT_EQ(upload->type, "jpeg");
    EXPECT_EQ(upload->picture.width, 1000);
    EXPECT_EQ(upload->picture.height, 1500);
    EXPECT_EQ(upload->picture.content_type, "image/png");
    EXPECT_THAT(testing::png_chunk_names(upload->picture.bytes),
                Each(AnyOf("IHDR", "pHYs", "sRGB", "IDAT", "IEND")));
    EXPECT_EQ(upload->thumbnail.height, thumbnail_side);
    EXPECT_EQ(upload->thumbnail.width, 256);
    EXPECT_EQ(upload->thumbnail.content_type, "image/webp");
    EXPECT_EQ(upload->sample.height, sample_side);
    EXPECT_TRUE(upload->sample.is_valid());
    const auto back = decode_stored(upload->picture.bytes);
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(back->width, 1000);
}

TEST_F(MediaClientTest, ARefusedUploadLeavesTheWorkerAlive) {
    const auto pids = client_->worker_pids();
    const auto refused = client_->decode_upload("<svg xmlns='http://www.w3.org/2000/svg'/>");
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_field);
    EXPECT_EQ(refused.error().field, "file");
    EXPECT_THAT(refused.error().detail, HasSubstr("SVG"));
    const auto bomb = client_->decode_upload(testing::hollow_png(20'000, 20'000, 1000));
    ASSERT_FALSE(bomb.ok());
    EXPECT_EQ(bomb.error().code, ErrorCode::too_large);
    EXPECT_EQ(client_->worker_pids(), pids);
}

TEST_F(MediaClientTest, ABombWithinTheLimitsIsDecodedOrFailsAlone) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "there is no limit of memory under a sanitizer";
#endif
    const unsigned width = 6000;
    const unsigned height = 6600;
    const auto bomb = testing::hollow_png(width, height, std::size_t{height} * (width * 3 + 1));
    ASSERT_LT(bomb.size(), 200'000U);
    auto small = options();
    small.memory_mb = 640;
    small.upscaler_path.clear();
    open(small);
    const auto failed = client_->decode_upload(bomb);
    ASSERT_FALSE(failed.ok());
    EXPECT_THAT(failed.error().code,
                AnyOf(ErrorCode::too_large, ErrorCode::engine_failed, ErrorCode::invalid_field));
    EXPECT_TRUE(client_->preview(disk(64, 64, 30, 30, 20)).ok());
    open(options());
    const auto decoded = client_->decode_upload(bomb);
    ASSERT_TRUE(decoded.ok()) << decoded.error().detail;
    EXPECT_EQ(decoded->picture.width, 6000);
}

TEST_F(MediaClientTest, ASourceHasExactlyTheSizeAskedFor) {
    const auto png = *encode_png(disk(640, 480, 320, 240, 100));
    const auto source = client_->decode_source(png, 128, 128);
    ASSERT_TRUE(source.ok()) << source.error().detail;
    EXPECT_TRUE(source->is_valid());
    EXPECT_EQ(source->width, 128);
    EXPECT_LT(testing::difference(*source, fit_cover(*decode_stored(png), 128, 128)), 0.01);
    EXPECT_EQ(client_->decode_source("nothing", 128, 128).error().code, ErrorCode::invalid_field);
}

TEST_F(MediaClientTest, APreviewIsASmallWebp) {
    const auto preview = client_->preview(disk(1024, 512, 300, 200, 100));
    ASSERT_TRUE(preview.ok()) << preview.error().detail;
    EXPECT_EQ(preview->width, preview_side);
    EXPECT_EQ(preview->height, 256);
    EXPECT_EQ(preview->content_type, "image/webp");
    EXPECT_LT(
        testing::difference(*decode_stored(preview->bytes), shrink_to(disk(1024, 512, 300, 200, 100), 512)),
        5);
}

TEST_F(MediaClientTest, AFinishedPictureCarriesItsRecipe) {
    ASSERT_TRUE(client_->has("upscaler:srvgg"));
    FinishRequest request{128, 128, 4, Upscaler::srvgg, {{"prompt", "ein Füchslein"}, {"seed", 7}}};
    const auto finished = client_->finish_picture(disk(128, 128, 60, 60, 40), request);
    ASSERT_TRUE(finished.ok()) << finished.error().detail;
    EXPECT_EQ(finished->picture.width, 512);
    EXPECT_EQ(finished->thumbnail.width, thumbnail_side);
    EXPECT_EQ(finished->upscaler, "srvgg");
    EXPECT_EQ(testing::png_chunk(finished->picture.bytes, "iTXt", 0),
              std::string("Software\0\0\0\0\0OurVidz", 20));
    EXPECT_EQ(testing::png_chunk(finished->picture.bytes, "iTXt", 1),
              std::string("ourvidz\0\0\0\0\0", 12) + json::serialize(request.recipe));
    request.upscale = 2;
    EXPECT_EQ(client_->finish_picture(disk(128, 128, 60, 60, 40), request)->picture.height, 256);
    request.upscale = 1;
    const auto same = client_->finish_picture(disk(128, 128, 60, 60, 40), request);
    EXPECT_EQ(decode_stored(same->picture.bytes)->pixels, disk(128, 128, 60, 60, 40).pixels);
    request.width = 127;
    EXPECT_EQ(client_->finish_picture(disk(128, 128, 60, 60, 40), request).error().code,
              ErrorCode::invalid_field);
}

TEST_F(MediaClientTest, WithoutTheUpscalersFileLanczosEnlargesAndTheWorkerSaysSo) {
    auto plain = options();
    plain.upscaler_path.clear();
    open(plain);
    EXPECT_FALSE(client_->has("upscaler:srvgg"));
    EXPECT_TRUE(client_->has("upscaler:lanczos"));
    const FinishRequest request{64, 48, 4, Upscaler::srvgg, {}};
    const auto finished = client_->finish_picture(disk(64, 48, 30, 20, 12), request);
    ASSERT_TRUE(finished.ok()) << finished.error().detail;
    EXPECT_EQ(finished->upscaler, "lanczos");
    EXPECT_EQ(finished->picture.width, 256);
}

TEST_F(MediaClientTest, AnotherNetworksFileMakesTheWorkerUnavailable) {
    auto wrong = options();
    wrong.upscaler_path = OURVIDZ_SOURCE_DIR "/models/upscaler/README.md";
    const auto started = MediaClient::start(wrong, clock_);
    ASSERT_FALSE(started.ok());
    EXPECT_EQ(started.error().code, ErrorCode::unavailable);
    EXPECT_THAT(started.error().detail, HasSubstr("upscaler"));
}

TEST_F(MediaClientTest, AWorkerKilledWhileIdleIsReplacedUnseen) {
    const auto pids = client_->worker_pids();
    ASSERT_THAT(pids, SizeIs(1));
    ASSERT_EQ(::kill(pids[0], SIGKILL), 0);
    const auto preview = client_->preview(disk(64, 64, 30, 30, 20));
    ASSERT_TRUE(preview.ok()) << preview.error().detail;
    EXPECT_NE(client_->worker_pids(), pids);
}

TEST_F(MediaClientTest, WorkersThatKeepDyingAreNotStartedForEver) {
    ManualClock clock(1'000'000);
    auto broken = options();
    broken.executable = "/bin/false";
    int starts = 0;
    std::string last;
    auto started = MediaClient::start(options(), clock);
    ASSERT_TRUE(started.ok());
    while (starts < 100) {
        const auto pids = (*started)->worker_pids();
        ASSERT_THAT(pids, SizeIs(1));
        ::kill(pids[0], SIGKILL);
        const auto preview = (*started)->preview(disk(32, 32, 15, 15, 8));
        if (!preview.ok()) {
            last = preview.error().detail;
            break;
        }
        ++starts;
    }
    EXPECT_THAT(last, HasSubstr("keeps dying"));
    clock.advance(60'000);
    EXPECT_TRUE((*started)->preview(disk(32, 32, 15, 15, 8)).ok());
    EXPECT_EQ(MediaClient::start(broken, clock).error().code, ErrorCode::unavailable);
}

// Those beyond idle_max end when they are done, and others are started for the next crowd.
TEST_F(MediaClientTest, WorkersThatNobodyNeedsMayEndAsOftenAsTheyLike) {
    auto few_idle = options();
    few_idle.workers_max = 4;
    few_idle.idle_max = 1;
    const ManualClock clock(1'000'000);  // on which all of it happens at once
    const auto started = MediaClient::start(few_idle, clock);
    ASSERT_TRUE(started.ok());
    std::atomic<int> failed = 0;
    for (int crowd = 0; crowd < 10; ++crowd) {
        std::vector<std::jthread> together;
        for (int i = 0; i < 4; ++i)
            together.emplace_back(
                [&] { failed += (*started)->preview(disk(512, 512, 30, 30, 20)).ok() ? 0 : 1; });
    }
    EXPECT_EQ(failed, 0);
}

TEST_F(MediaClientTest, MutatedUploadsCostNoWorker) {
    const Rgb8 picture = disk(64, 48, 30, 24, 16);
    const std::vector<std::string> seeds{*encode_png(picture), testing::jpeg_with_exif(picture, 5),
                                         *encode_webp(picture, 80, 4)};
    const auto pids = client_->worker_pids();
    std::mt19937 random(977);
    for (int round = 0; round < 150; ++round) {
        std::string bytes = seeds[static_cast<std::size_t>(round) % seeds.size()];
        for (int i = 0; i < 4; ++i) bytes[random() % bytes.size()] = static_cast<char>(random());
        const auto result = client_->decode_upload(bytes);
        if (!result.ok()) {
            EXPECT_THAT(result.error().code, AnyOf(ErrorCode::invalid_field, ErrorCode::too_large));
        }
    }
    EXPECT_EQ(client_->worker_pids(), pids);
}

}  // namespace
}  // namespace ourvidz::media
