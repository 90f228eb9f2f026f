#include <gtest/gtest.h>

#include "db/test_with_database.h"
#include "generations/test_generation.h"

namespace ourvidz::generations {
namespace {

constexpr int generations_count = 200;
constexpr int batch = 6;

// Counts what goes through it.
class CountingConnection final : public db::Connection {
  public:
    explicit CountingConnection(db::Connection& connection) : connection_(connection) {}
    Result<db::Rows> query(std::string_view sql, const std::vector<db::Value>& parameters) override {
        ++queries;
        return connection_.query(sql, parameters);
    }
    Result<std::int64_t> execute(std::string_view sql, const std::vector<db::Value>& parameters) override {
        return connection_.execute(sql, parameters);
    }
    int queries = 0;

  private:
    db::Connection& connection_;
};

class ListTest : public db::TestWithDatabase {
  protected:
    void fill() override {
        auto work = [this](db::Connection& connection) -> Result<void> {
            OURVIDZ_CHECK(connection.execute(
                "INSERT INTO workspaces (id, name, created_at) VALUES ('fox', 'F', 0)", {}));
            OURVIDZ_CHECK(ledger::open_accounts(connection, "fox", 10'000, clock_));
            for (int i = 0; i < generations_count; ++i) OURVIDZ_CHECK(add(connection, std::to_string(i)));
            return {};
        };
        const auto done = database_->write_now(db::Scope::server(), work);
        ASSERT_TRUE(done.ok()) << done.error().detail;
    }
    Result<void> add(db::Connection& connection, const std::string& number) {
        clock_.advance(1);
        auto made = waiting_generation(number, clock_.now_ms());
        made.generation.batch = batch;
        OURVIDZ_CHECK(insert(connection, made.generation, made.job, clock_));
        for (int position = 0; position < batch; ++position) {
            assets::Asset asset;
            asset.id = "ast_" + number + "_" + std::to_string(position);
            asset.workspace_id = "fox";
            asset.generation_id = made.generation.id;
            asset.position = position;
            asset.medium = "image";
            asset.created_at = clock_.now_ms();
            for (const auto* variant : {"original", "thumbnail"})
                asset.files.push_back({variant, asset.id + variant, "image/png", 1, "x"});
            OURVIDZ_CHECK(assets::insert_held(connection, asset, {}));
        }
        return {};
    }

    ManualClock clock_{1'700'000'000'000};
};

TEST_P(ListTest, AsksTheDatabaseThreeTimesHoweverMuchThereIs) {
    auto work = [](db::Connection& connection) -> Result<std::pair<int, Page>> {
        CountingConnection counting(connection);
        OURVIDZ_TRY(page, list(counting, "fox", {}, {}, generations_count - 1));
        return std::pair(counting.queries, std::move(page));
    };
    const auto found = database_->read_now(db::Scope::workspace("fox"), work);
    ASSERT_TRUE(found.ok()) << found.error().detail;
    EXPECT_EQ(found->first, 3);
    const auto& items = found->second.items;
    ASSERT_EQ(items.size(), std::size_t{generations_count - 1});
    EXPECT_TRUE(found->second.next_cursor);
    EXPECT_EQ(items.front().id, "gen_" + std::to_string(generations_count - 1));
    for (const auto& one : items) {
        ASSERT_EQ(one.assets.size(), std::size_t{batch}) << one.id;
        for (int position = 0; position < batch; ++position) {
            const auto& asset = one.assets[static_cast<std::size_t>(position)];
            EXPECT_EQ(asset.generation_id, one.id);
            EXPECT_EQ(asset.position, position);
            EXPECT_EQ(asset.files.size(), 2U);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(All, ListTest, db::database_kinds(),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace ourvidz::generations
