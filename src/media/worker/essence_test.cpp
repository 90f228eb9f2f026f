// Files that are small to send and endless to read: what the decoders get of them, and what is refused
// before.
#include "media/worker/essence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "media/worker/still.h"
#include "media/worker/test_pictures.h"
#include "media/worker/work_limit.h"

namespace ourvidz::media {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using testing::content_of;
using ::testing::HasSubstr;

constexpr std::size_t mebibyte = 1U << 20U;
constexpr int many = 100'000;

const std::string folder = OURVIDZ_SOURCE_DIR "/src/media/worker/testdata/pictures/";

std::string repeated(std::string_view text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += text;
    return out;
}

// `file` with `piece` at `place`, `times` times.
std::string stuffed(const std::string& file, std::size_t place, std::string_view piece, int times) {
    return file.substr(0, place) + repeated(piece, times) + file.substr(place);
}

void expect_refused(const Result<Essence>& result, std::string_view words) {
    ASSERT_FALSE(result.ok()) << words;
    EXPECT_EQ(result.error().code, ErrorCode::invalid_field);
    EXPECT_EQ(result.error().field, "file");
    EXPECT_THAT(result.error().detail, HasSubstr(std::string(words)));
}

class EssenceTest : public ::testing::Test {
  protected:
    static void SetUpTestSuite() { ASSERT_TRUE(start_codecs(1).ok()); }
};

TEST_F(EssenceTest, PixelsMayNotUnpackToMoreThanTheSizeNeeds) {
    expect_refused(essence_of(testing::hollow_png(10, 10, 64 * mebibyte), FileType::png),
                   "unpacks to much more than a picture of its size");
    // A little behind the last row is harmless, and common.
    EXPECT_TRUE(decode_untrusted(testing::hollow_png(10, 10, 10 * 31 + 1000)).ok());
}

TEST_F(EssenceTest, AProfileMayNotUnpackWithoutEnd) {
    const auto plain = content_of(folder + "rgba8.png");
    const auto bomb = std::string("profile\0\0", 9) + testing::packed_zeros(64 * mebibyte);
    expect_refused(essence_of(testing::with_chunk(plain, "iCCP", bomb), FileType::png), "colour profile");
}

TEST_F(EssenceTest, TextsAndFurtherPicturesOfAPngAreLeftOut) {
    const auto plain = content_of(folder + "rgba8.png");
    const auto text =
        testing::with_chunk(plain, "zTXt", std::string("a\0\0", 3) + testing::packed_zeros(64 * mebibyte));
    const auto chunk = text.substr(33, text.size() - plain.size());
    const auto result = essence_of(stuffed(plain, 33, chunk, 100), FileType::png);
    ASSERT_TRUE(result.ok()) << result.error().detail;
    EXPECT_EQ(result->bytes, plain);
    const auto animation = essence_of(content_of(folder + "apng.png"), FileType::png);
    ASSERT_TRUE(animation.ok());
    EXPECT_TRUE(animation->animated);
    EXPECT_EQ(animation->bytes.find("fdAT"), std::string::npos);
}

// libjpeg walks along its whole list of notes for each that is added.
TEST_F(EssenceTest, NotesInAJpegAreLeftOut) {
    const auto plain = content_of(folder + "progressive.jpg");
    const auto result = essence_of(stuffed(plain, 2, "\xff\xe1\0\x02"sv, many), FileType::jpeg);
    ASSERT_TRUE(result.ok()) << result.error().detail;
    EXPECT_EQ(result->bytes, essence_of(plain, FileType::jpeg)->bytes);
}

TEST_F(EssenceTest, AJpegMayNotHaveScansWithoutEnd) {
    const auto plain = content_of(folder + "progressive.jpg");
    const auto last_scan = plain.rfind("\xff\xda");
    const auto scan = plain.substr(last_scan, plain.size() - 2 - last_scan);
    EXPECT_TRUE(essence_of(stuffed(plain, last_scan, scan, 10), FileType::jpeg).ok());
    expect_refused(essence_of(stuffed(plain, last_scan, scan, 101), FileType::jpeg), "more than 100 passes");
}

TEST_F(EssenceTest, AProfileOfAJpegHasALimitTogether) {
    const auto plain = content_of(folder + "progressive.jpg");
    const auto segment = "\xff\xe2\xff\xffICC_PROFILE\0"s + std::string(0xFFFF - 14, 'x');
    expect_refused(essence_of(stuffed(plain, 2, segment, 65), FileType::jpeg), "colour profile");
}

// libwebp's reader finds frame n by walking from the first.
TEST_F(EssenceTest, OfAWebpAnimationTheFirstFrameIsLeft) {
    const auto plain = content_of(folder + "anim.webp");
    const auto frame = plain.rfind("ANMF");
    auto bomb = stuffed(plain, frame, plain.substr(frame), many);
    const auto length = static_cast<std::uint32_t>(bomb.size() - 8);
    for (unsigned i = 0; i < 4; ++i) bomb[4 + i] = static_cast<char>(length >> (8 * i) & 0xFFU);
    const auto result = essence_of(bomb, FileType::webp);
    ASSERT_TRUE(result.ok()) << result.error().detail;
    EXPECT_TRUE(result->animated);
    EXPECT_EQ(result->bytes, essence_of(plain, FileType::webp)->bytes);
    EXPECT_EQ(result->bytes.find("ANMF"), result->bytes.rfind("ANMF"));
}

TEST(WorkLimitTest, WorkBeyondTheLimitIsEnded) {
    std::promise<void> told;
    auto is_told = told.get_future();
    const WorkLimit limit(std::chrono::milliseconds(10), [&] { told.set_value(); });
    // Only processor time counts: this uses it until it is told.
    while (is_told.wait_for(std::chrono::seconds(0)) != std::future_status::ready) continue;
}

TEST(WorkLimitTest, WorkWithinTheLimitIsNot) {
    std::atomic<bool> told = false;
    {
        const WorkLimit limit(std::chrono::hours(1), [&] { told = true; });
    }
    EXPECT_FALSE(told);
}

}  // namespace
}  // namespace ourvidz::media
