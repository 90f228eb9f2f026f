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
    change([&](db::Connection& c) { return cancel(c, subject_of(own[0]), clock_.now_ms()); });
    change([&](db::Connection& c) { return cancel(c, subject_of(own[0]), clock_.now_ms()); });
    load_is(5, 4, 3);
    EXPECT_TRUE(attempt([&](db::Connection& c) { return set_paused(c, subject_of(own[1]), true); }).ok());
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

INSTANTIATE_TEST_SUITE_P(All, CountsTest, db::database_kinds(),
                         [](const auto& kind) { return std::string(kind.param); });

}  // namespace
}  // namespace ourvidz::queue
