// What nobody has judged cannot be sent: these would not compile.
#include "node/delivery.h"

#include <gtest/gtest.h>

#include <type_traits>

namespace ourvidz::node {
namespace {

template <class Artifact>
concept Previewable = requires(Delivery delivery, const Artifact& artifact) {
    delivery.preview(artifact, 0);
};
template <class Artifact>
concept Deliverable = requires(Delivery delivery, const Artifact& artifact) {
    delivery.picture(artifact, PictureOrder{}, std::stop_token{});
};
template <class Artifact>
concept Sayable = requires(Delivery delivery, const Artifact& artifact) {
    delivery.words(artifact, 0, json::object{});
};

static_assert(Previewable<safety::Released<safety::Picture>> && !Previewable<safety::Picture>);
static_assert(Deliverable<safety::Released<safety::Picture>> && !Deliverable<safety::Picture>);
static_assert(Sayable<safety::Released<safety::Answer>> && !Sayable<safety::Answer> && !Sayable<std::string>);
static_assert(!std::is_constructible_v<safety::Released<safety::Picture>, safety::Picture, safety::Verdict>);
static_assert(!std::is_constructible_v<ReleasedClip, media::FinishedClip, safety::Released<safety::Clip>>);
static_assert(!std::is_default_constructible_v<ReleasedClip>);

TEST(Delivery, AClipOfPeopleFreePicturesIsReleasedAndOneOfUnknownOriginIsNot) {
    const auto gate = safety::Gate::open();
    ASSERT_TRUE(gate.ok());
    media::FinishedClip clip;
    clip.samples.push_back({2, 2, std::string(12, '\x40')});
    safety::Origin origin;
    origin.domain = safety::PictureDomain::people_free;
    EXPECT_TRUE(ReleasedClip::judge(**gate, clip, origin).ok());
    origin.from_upload = true;
    EXPECT_FALSE(ReleasedClip::judge(**gate, clip, origin).ok());
    origin.from_upload = false;
    origin.domain = safety::PictureDomain::photographic;
    EXPECT_FALSE(ReleasedClip::judge(**gate, clip, origin).ok());
}

TEST(Delivery, AVerdictSaysWhyOnlyWhenThereIsAReason) {
    safety::Verdict verdict;
    verdict.decision = safety::Decision::allow;
    EXPECT_FALSE(to_json(verdict).contains("reason_code"));
    verdict.decision = safety::Decision::standard_only;
    verdict.reason_code = "some_reason";
    const auto body = to_json(verdict);
    EXPECT_EQ(body.at("reason_code"), "some_reason");
    EXPECT_EQ(safety::decision_from(body.at("decision").as_string()), safety::Decision::standard_only);
}

}  // namespace
}  // namespace ourvidz::node
