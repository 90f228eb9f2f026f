// How long a claim takes while very much waits: the whole transaction, on the real database.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/id.h"
#include "db/test_database.h"
#include "queue/queue.h"

namespace ourvidz::bench {
namespace {

using Steady = std::chrono::steady_clock;

constexpr int jobs_per_piece = 500;
constexpr int claims = 200;

struct Fill {
    int jobs;
    int workspaces;
};

double ms_since(Steady::time_point began) {
    return std::chrono::duration<double, std::milli>(Steady::now() - began).count();
}

bool add_jobs(db::Database& database, const Fill& fill, const Clock& clock) {
    for (int first = 0; first < fill.jobs; first += jobs_per_piece) {
        const auto added = database.write_now(db::Scope::server(), [&](db::Connection& c) -> Result<void> {
            for (int i = first; i < std::min(first + jobs_per_piece, fill.jobs); ++i) {
                const auto workspace = fmt::format("w{}", i % fill.workspaces);
                const auto id = new_id("job", clock);
                OURVIDZ_CHECK(
                    c.execute("INSERT INTO workspaces (id, name, created_at) VALUES ($1, 'W', 0)"
                              " ON CONFLICT (id) DO NOTHING",
                              {workspace}));
                const queue::Needs needs{"image", fmt::format("model {}", i % 3), 0, 1'000};
                OURVIDZ_CHECK(
                    queue::enqueue(c, {id, workspace, {"thing", "thg" + id.substr(3)}, "image_fast", needs},
                                   clock.now_ms()));
            }
            return {};
        });
        if (!added.ok()) {
            fmt::print("filling failed: {}\n", added.error().detail);
            return false;
        }
    }
    return true;
}

// One model of three is loaded, so that every part of the choice is read.
queue::Ask ask(UnixMs now) {
    queue::Ask one{"node/image/0", "image", {"image_fast"}, 1, {}, [](std::string_view) { return 10'000; }};
    one.node.budget_mb = 25'000;
    one.node.residents = {{"model 0", 10'000, 0, 4, false, now, 5'000}};
    return one;
}

void measure(const std::string& kind, const Fill& fill) {
    const auto store = db::make_test_store(kind);
    if (!store) return;
    auto database = store->open(OURVIDZ_SOURCE_DIR "/migrations");
    const SystemClock clock;
    if (!database.ok() || !add_jobs(**database, fill, clock)) return;
    std::vector<double> took;
    int given = 0;
    for (int i = 0; i < claims; ++i) {
        const auto began = Steady::now();
        const auto claimed = (*database)->write_now(
            db::Scope::server(),
            [&](db::Connection& c) { return queue::claim(c, ask(clock.now_ms()), clock, queue::Policy{}); },
            db::Durability::lossy_on_power_cut);
        took.push_back(ms_since(began));
        if (!claimed.ok() || claimed->claims.empty()) continue;
        ++given;
        // So that the place is free again for the next.
        const auto ended =
            (*database)->write_now(db::Scope::server(), [&](db::Connection& c) -> Result<void> {
                const auto& one = claimed->claims[0];
                OURVIDZ_TRY(live, queue::require_live(c, one.attempt_id, one.fence));
                return queue::finish(c, live, queue::JobEnd::succeeded, {}, clock.now_ms());
            });
        if (!ended.ok()) return;
    }
    std::sort(took.begin(), took.end());
    fmt::print(
        "{:10}{:>8} jobs of {:>5} workspaces   p50 {:6.2f} ms   p99 {:6.2f} ms   ({} of {} claims got a "
        "job)\n",
        kind, fill.jobs, fill.workspaces, took[took.size() / 2], took[took.size() * 99 / 100], given, claims);
}

}  // namespace
}  // namespace ourvidz::bench

int main() {
    using ourvidz::bench::Fill;
    for (const auto* kind : {"sqlite", "postgres"}) {
        for (const auto& fill : {Fill{300, 1}, Fill{10'000, 1}, Fill{10'000, 1'000}})
            ourvidz::bench::measure(kind, fill);
    }
}
