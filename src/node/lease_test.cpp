#include "node/lease.h"

#include <gtest/gtest.h>

namespace ourvidz::node {
namespace {

TEST(Lease, ReadsWhatItNeedsAndIgnoresTheRest) {
    const auto news = news_from(json::parse(R"({"leases":[{"attempt_id":"att_1","fence":3,"job_id":"j",
        "generation_id":"g","kind":"image_fast","model":"nano","newer":"field",
        "settings":{"prompt":"a red fox","loras":[{"name":"ink","weight":0.5}],
        "resolved":[{"prompt":"a (red:1.20) fox","negative_prompt":""},{"prompt":"b","negative_prompt":"fog"}],"width":512,"height":512,"steps":8,"guidance":2,"sampler":"euler",
                    "seed":4294967295,"strength":0.3},
        "batch":3,"done_positions":[0,2],"lease_ms":15000,
        "inputs":[{"role":"source","url":"/api/v1/node/attempts/a/inputs/source","sha256":"aa","people_free":true}]}],
        "cancels":["att_0"],"lost":["att_9"]})"));
    ASSERT_TRUE(news.ok());
    ASSERT_EQ(news->leases.size(), 1U);
    const Lease& lease = news->leases[0];
    EXPECT_EQ(lease.fence, 3);
    EXPECT_EQ(lease.settings.seed, 4294967295);
    ASSERT_EQ(lease.settings.loras.size(), 1U);
    EXPECT_EQ(lease.settings.loras[0].name, "ink");
    EXPECT_DOUBLE_EQ(lease.settings.loras[0].weight, 0.5);
    EXPECT_EQ(prompt_at(lease.settings, 0).prompt, "a (red:1.20) fox");
    EXPECT_EQ(prompt_at(lease.settings, 1).negative_prompt, "fog");
    EXPECT_EQ(prompt_at(lease.settings, 2).prompt, "a red fox")
        << "without a reading it is as it was written";
    EXPECT_EQ(lease.settings.guidance, 2);
    EXPECT_EQ(lease.settings.strength, 0.3);
    EXPECT_EQ(lease.done_positions, (std::set<int>{0, 2}));
    ASSERT_NE(lease.source(), nullptr);
    EXPECT_TRUE(lease.source()->people_free);
    EXPECT_EQ(lease.source()->sha256, "aa");
    EXPECT_EQ(lease.input("mask"), nullptr);
    EXPECT_EQ(news->cancels, std::vector<std::string>{"att_0"});
    EXPECT_EQ(news->lost, std::vector<std::string>{"att_9"});
}

TEST(Lease, ASourceOfUnknownOriginCountsAsAnUpload) {
    const auto news = news_from(json::parse(
        R"({"leases":[{"attempt_id":"a","fence":1,"kind":"image_fast","model":"nano","inputs":[{"role":"source","url":"/x"}]}]})"));
    ASSERT_TRUE(news.ok());
    EXPECT_FALSE(news->leases[0].source()->people_free);
}

TEST(Lease, WhatCannotBeReportedOnIsAnError) {
    EXPECT_FALSE(
        news_from(json::parse(R"({"leases":[{"attempt_id":"a","kind":"image_fast","model":"nano"}]})")).ok());
    EXPECT_FALSE(news_from(json::parse(R"([])")).ok());
}

TEST(Lease, WrongTypesAndAbsurdNumbersDoNoHarm) {
    const auto news = news_from(json::parse(
        R"({"leases":[{"attempt_id":"a","fence":1,"kind":"k","model":"m","batch":1e300,"done_positions":["x"],
            "settings":{"steps":"many","seed":-5,"strength":7,"width":99999999999}}],"cancels":[1],"lost":"no"})"));
    ASSERT_TRUE(news.ok());
    const Lease& lease = news->leases[0];
    EXPECT_GE(lease.batch, 1);
    EXPECT_LE(lease.batch, kinds::batch_max);
    EXPECT_FALSE(lease.settings.seed);
    EXPECT_FALSE(lease.settings.steps);
    EXPECT_FALSE(lease.settings.strength);
    EXPECT_FALSE(lease.settings.width);
    EXPECT_TRUE(lease.done_positions.empty());
    EXPECT_TRUE(news->cancels.empty());
}

}  // namespace
}  // namespace ourvidz::node
