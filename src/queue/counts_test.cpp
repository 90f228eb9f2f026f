// What is kept of how much waits: 0006_queue_counts.sql and what goes with it.
#include <filesystem>

#include "queue/outlook.h"
#include "queue/own_order.h"
#include "queue/test_queue.h"

namespace ourvidz::queue {
namespace {

class CountsTest : public QueueTest {
  protected:
    void fill() override {
        QueueTest::fill();
        add_workspace("v");
    }
    void add_workspace(const std::string& id) {
        change([&](db::Connection& connection) {
            return connection.execute("INSERT INTO workspaces (id, name, created_at) VALUES ($1, 'X', 0)",
                                      {id});
        });
    }
    static std::string gen(const std::string& job) { return "gen" + job.substr(3); }
};

// Whatever happens to a job, and by whatever SQL, the counts are what a count would say.
TEST_P(CountsTest, KeepsCountOfWhatWaits) {
    const auto load_is = [&](std::int64_t everybody, std::int64_t own, std::int64_t of_kind) {
        EXPECT_EQ(change(miscounted), 0);
        const auto load = change([&](db::Connection& c) { return queue::load(c, "v", "image_fast"); });
        EXPECT_EQ(load.everybody, everybody);
        EXPECT_EQ(load.own, own);
        EXPECT_EQ(load.own_of_kind, of_kind);
    };
    const auto run = [&](const std::string& sql) {
        change([&](db::Connection& c) { return c.execute(sql, {}); });
    };
    load_is(0, 0, 0);
    std::vector<std::string> own;
    for (int i = 0; i < 4; ++i) own.push_back(add_job("image_fast", "v"));
    add_job("image_slow", "v");
    add_job();
    load_is(6, 5, 4);
    const auto claims = take("node", 3);
    load_is(3, 3, 2);
    clock_.advance(policy_.lease_ms + 1);
    EXPECT_EQ(sweep(), 3);
    load_is(6, 5, 4);
    change([&](db::Connection& c) { return cancel(c, gen(own[0]), clock_.now_ms()); });
    change([&](db::Connection& c) { return cancel(c, gen(own[0]), clock_.now_ms()); });
    load_is(5, 4, 3);
    EXPECT_TRUE(attempt([&](db::Connection& c) { return set_paused(c, gen(own[1]), true); }).ok());
    load_is(5, 4, 3);
    run("UPDATE jobs SET kind = 'image_slow' WHERE id = '" + own[1] + "'");
    load_is(5, 4, 2);
    run("UPDATE jobs SET workspace_id = 'w' WHERE id = '" + own[1] + "'");
    load_is(5, 3, 2);
    run("UPDATE jobs SET state = 'scheduled', kind = 'image_fast' WHERE id = '" + own[1] + "'");
    load_is(4, 3, 2);
    run("DELETE FROM attempts");
    run("DELETE FROM jobs WHERE id = '" + own[2] + "' OR id = '" + own[0] + "'");
    load_is(3, 2, 1);
    // A change that is taken back takes its count back.
    EXPECT_FALSE(attempt([&](db::Connection& c) -> Result<void> {
                     OURVIDZ_CHECK(c.execute("DELETE FROM jobs", {}));
                     return Error{ErrorCode::not_found, "changed its mind", ""};
                 }).ok());
    load_is(3, 2, 1);
    run("DELETE FROM jobs");
    load_is(0, 0, 0);
    EXPECT_EQ(change([](db::Connection& c) { return c.query("SELECT 1 FROM queue_counts", {}); }).size(), 0U);
}

TEST_P(CountsTest, FindsACountThatIsWrong) {
    add_job();
    add_job("image_slow");
    const auto after = [&](const std::string& sql) {
        change([&](db::Connection& c) { return c.execute(sql, {}); });
        return change(miscounted);
    };
    EXPECT_EQ(after("UPDATE queue_counts SET waiting = 2 WHERE kind = 'image_fast'"), 1);
    EXPECT_EQ(after("DELETE FROM queue_counts WHERE kind = 'image_slow'"), 2);
    EXPECT_EQ(after("INSERT INTO queue_counts VALUES ('v', 'none', 1)"), 3);
}

// A studio from before there were counts, with jobs in it, and with one that is added while nobody counts.
TEST_P(CountsTest, CountsWhatWaitedBefore) {
    database_.reset();
    store_ = db::make_test_store(GetParam());
    const std::filesystem::path folder = ::testing::TempDir() + "migrations-" + random_hex(8);
    std::filesystem::copy(OURVIDZ_SOURCE_DIR "/migrations", folder, std::filesystem::copy_options::recursive);
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().filename().string() >= "0006" && entry.path().extension() == ".sql")
            std::filesystem::remove(entry.path());
    }
    database_ = std::move(*store_->open(folder));
    for (const auto* workspace : {"v", "w"}) add_workspace(workspace);
    for (int i = 0; i < 3; ++i) add_job("image_fast", "v");
    add_job("image_slow", "v");
    add_job();
    const bool of_v = take("node", 1).at(0).workspace_id == "v";
    database_.reset();
    database_ = std::move(*store_->open(OURVIDZ_SOURCE_DIR "/migrations"));
    std::filesystem::remove_all(folder);
    EXPECT_EQ(change(miscounted), 0);
    const auto load = change([&](db::Connection& c) { return queue::load(c, "v", "image_fast"); });
    EXPECT_EQ(load.everybody, 4);
    EXPECT_EQ(load.own, of_v ? 3 : 4);
    EXPECT_EQ(load.own_of_kind, of_v ? 2 : 3);
    take("node", 2);
    EXPECT_EQ(change(miscounted), 0);
}

INSTANTIATE_TEST_SUITE_P(All, CountsTest, db::database_kinds(),
                         [](const auto& kind) { return std::string(kind.param); });

}  // namespace
}  // namespace ourvidz::queue
