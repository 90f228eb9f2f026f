// Tests of what the product keeps in its database: each is run on both kinds, on a fresh one with our
// migrations.
#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "db/test_database.h"

namespace ourvidz::db {

class TestWithDatabase : public testing::TestWithParam<const char*> {
  protected:
    void SetUp() final {
        store_ = make_test_store(GetParam());
        if (!store_) GTEST_SKIP() << "no PostgreSQL to test with";
        auto opened = store_->open(OURVIDZ_SOURCE_DIR "/migrations");
        ASSERT_TRUE(opened.ok()) << opened.error().detail;
        database_ = std::move(*opened);
        fill();
    }
    // What every test starts with.
    virtual void fill() = 0;

    std::unique_ptr<TestStore> store_;
    std::unique_ptr<Database> database_;
};

}  // namespace ourvidz::db
