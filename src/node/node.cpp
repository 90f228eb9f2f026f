#include "node/node.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <list>
#include <mutex>
#include <random>
#include <thread>
#include <utility>

#include "node/heartbeat.h"
#include "node/poll_limits.h"
#include "node/slot.h"

namespace ourvidz::node {
namespace {

constexpr int media_starts_max = 3;
constexpr std::chrono::milliseconds look_around_every{50};

Random system_random() {
    struct Source {
        std::mutex mutex;
        std::mt19937_64 engine{std::random_device{}()};
    };
    return [source = std::make_shared<Source>()] {
        std::lock_guard lock(source->mutex);
        return std::uniform_real_distribution<double>(0, 1)(source->engine);
    };
}

// Which job kinds each kind of worker can do here, and the most memory that one of their models needs.
struct Served {
    PerKind<std::vector<std::string>> kinds;
    PerKind<int> needs_mb;
};

Served served_here(const catalog::Catalog& catalog) {
    Served served;
    for (const auto& kind : kinds::all) {
        const auto entry = catalog.resolve(kind.name);
        if (!entry) continue;
        const WorkerKind worker = catalog::line_of(**entry, kind);
        served.kinds[worker].emplace_back(kind.name);
        served.needs_mb[worker] = std::max(served.needs_mb[worker], (*entry)->memory_mb);
    }
    return served;
}

json::object status_of(NodeParts& parts) {
    auto status = parts.workers.status();
    const auto models = parts.catalog.now();
    json::array usable;
    for (const auto& entry : models->entries()) {
        if (models->usable(entry)) usable.emplace_back(entry.name);
    }
    status["models"] = std::move(usable);
    return status;
}

// Tells the server what the workers do, and which models are here. Asks for nothing.
void tell_status(NodeParts& parts, const std::stop_token& stop) {
    http::Client client(parts.server.url, parts.server.bearer);
    const std::stop_callback interrupt(stop, [&client] { client.interrupt(); });
    Backoff backoff(poll_retry_first_ms, poll_retry_max_ms);
    while (!stop.stop_requested()) {
        const auto told = poll_server(client,
                                      {{"node_id", parts.node_id},
                                       {"want", json::array()},
                                       {"running", json::array()},
                                       {"status", status_of(parts)},
                                       {"card", parts.workers.card()}},
                                      0);
        if (told) backoff.reset();
        (void)wait_ms(told ? status_interval_ms : backoff.next_ms(parts.random), stop);
    }
}

PoolOptions pool_options(const Options& options, MemoryPlan plan) {
    PoolOptions pool;
    pool.executables = options.executables;
    pool.plan = std::move(plan);
    pool.measure_resident = !options.memory.on_accelerator;
    pool.idle_unload_ms = options.idle_unload_ms;
    pool.load_timeout_ms = options.load_timeout_ms;
    pool.patience = options.worker_patience;
    return pool;
}

media::MediaOptions media_options(const Options& options, const MemoryPlan& plan) {
    media::MediaOptions media;
    media.executable = options.executables / "media_worker";
    if (std::filesystem::exists(options.upscaler_onnx)) media.upscaler_path = options.upscaler_onnx;
    if (options.media_memory_mb > 0) media.memory_mb = options.media_memory_mb;
    media.threads = plan.kinds[WorkerKind::image].threads;
    media.workers_max =
        std::max(1, plan.kinds[WorkerKind::image].count + plan.kinds[WorkerKind::video].count);
    return media;
}

// One that is killed while it starts says nothing about the next; what is really wrong stays wrong.
Result<std::unique_ptr<media::MediaClient>> start_media(const media::MediaOptions& options,
                                                        const Clock& clock) {
    for (int start = 1;; ++start) {
        auto media = media::MediaClient::start(options, clock);
        if (media || start == media_starts_max) return media;
        spdlog::warn("the media worker did not start: {}", media.error().detail);
    }
}

// The places of one plan, at work until they are ended.
class Places {
  public:
    Places(NodeParts& parts, const MemoryPlan& plan, const Served& served) {
        threads_.emplace_back([&parts](const std::stop_token& token) { tell_status(parts, token); });
        for (const WorkerKind kind : worker_kinds) {
            for (int number = 0; number < plan.kinds[kind].count; ++number) {
                Slot& slot = slots_.emplace_back(parts, kind, number, served.kinds[kind],
                                                 plan.kinds[kind].always_loaded);
                threads_.emplace_back([this, &slot](const std::stop_token& token) {
                    slot.run(token);
                    ++ended_;
                });
            }
        }
    }
    // At once; what runs goes back to the queue.
    ~Places() {
        for (std::jthread& thread : threads_) thread.request_stop();
    }
    Places(const Places&) = delete;
    Places& operator=(const Places&) = delete;

    // Returns when each has done what it is at, or `stop` is true.
    void leave(const std::atomic<bool>& stop) {
        for (auto& slot : slots_) slot.leave();
        while (!stop && ended_ < slots_.size()) std::this_thread::sleep_for(look_around_every);
    }

  private:
    std::list<Slot> slots_;
    std::atomic<std::size_t> ended_ = 0;
    std::vector<std::jthread> threads_;
};

// What a plan is made from.
bool same(const Served& one, const Served& other) {
    return std::all_of(worker_kinds.begin(), worker_kinds.end(), [&](WorkerKind kind) {
        return one.kinds[kind] == other.kinds[kind] && one.needs_mb[kind] == other.needs_mb[kind];
    });
}

}  // namespace

Result<void> run(const Options& options, const std::atomic<bool>& stop) {
    OURVIDZ_TRY(gate, safety::Gate::open());
    const Machine machine = this_machine();
    catalog::Places places = options.catalog;
    if (places.memory_mb_max == 0) places.memory_mb_max = budget_mb(options.memory, machine);
    OURVIDZ_TRY(first, catalog::Catalog::load(places));
    const catalog::LiveCatalog catalog(std::move(first), options.choices, options.reload);
    const SystemClock clock;
    const Random random = system_random();
    const MemoryPlan first_plan = plan_memory(options.memory, machine, served_here(*catalog.now()).needs_mb);
    OURVIDZ_TRY(media, start_media(media_options(options, first_plan), clock));
    NodeCounters counters;
    while (!stop) {
        auto models = catalog.now();
        const Served served = served_here(*models);
        const MemoryPlan plan = plan_memory(options.memory, machine, served.needs_mb);
        if (!plan.note.empty()) spdlog::info("{}", plan.note);
        WorkerPool workers(pool_options(options, plan), clock, random);
        NodeParts parts{catalog,          *gate,  workers, *media, options.server, options.node_id,
                        options.patience, random, counters};
        Places at_work(parts, plan, served);
        while (!stop) {
            std::this_thread::sleep_for(look_around_every);
            if (models == catalog.now()) continue;
            models = catalog.now();
            if (same(served, served_here(*models))) continue;
            spdlog::info("other models than before: the places change when they have done what they are at");
            at_work.leave(stop);
            break;
        }
    }
    spdlog::info("the node ends; it has done {}", json::serialize(to_json(counters)));
    return {};
}

}  // namespace ourvidz::node
