#include "node/worker_pool.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/text.h"

namespace ourvidz::node {
namespace {

// How often somebody who waits looks again at what depends on time alone: patience, back-off, idleness.
constexpr std::chrono::milliseconds look_again_every{50};
constexpr int decisions_max = 1'000;  // in one go; more would be a bug of the arbiter

std::string_view executable_of(WorkerKind kind) {
    return kind == WorkerKind::chat ? "chat_worker" : "diffusion_worker";
}

int mb_of(std::uint64_t bytes) {
    return static_cast<int>(bytes >> 20U);
}

}  // namespace

WorkerPool::WorkerPool(PoolOptions options, const Clock& clock, Random random)
    : options_(std::move(options)), clock_(clock), random_(std::move(random)) {
    int id = 0;
    for (WorkerKind kind : worker_kinds) {
        const KindPlan& plan = options_.plan.kinds[kind];
        for (int number = 0; number < plan.count; ++number) {
            workers_.emplace_back(id++, number, kind, plan.always_loaded,
                                  Backoff(options_.restart_first_ms, options_.restart_max_ms));
        }
    }
    supervisor_ = std::jthread([this](const std::stop_token& stop) { supervise(stop); });
}

WorkerPool::~WorkerPool() {
    supervisor_.request_stop();
    supervisor_.join();
    end_idle();
}

WorkerPool::Borrowed::Borrowed(Borrowed&& other) noexcept
    : pool_(std::exchange(other.pool_, nullptr)), worker_(other.worker_), good_(other.good_) {}

WorkerPool::Borrowed::~Borrowed() {
    if (pool_) pool_->give_back(*worker_, good_);
}

engine::WorkerProcess& WorkerPool::Borrowed::process() const {
    return *worker_->process;
}

int WorkerPool::measured_mb(const Worker& worker) const {
    return options_.measure_resident && worker.process && worker.process->alive()
               ? mb_of(worker.process->resident_bytes())
               : 0;
}

MemoryState WorkerPool::state(const Lock&) const {
    MemoryState state;
    state.budget_mb = options_.plan.budget_mb;
    state.patience_ms = options_.memory_patience_ms;
    state.now_ms = clock_.now_ms();
    for (const Worker& worker : workers_) {
        WorkerView view;
        view.id = worker.id;
        view.kind = worker.kind;
        view.model = worker.model;
        view.declared_mb = worker.declared_mb;
        view.measured_mb = measured_mb(worker);
        view.busy = worker.busy;
        view.pinned = worker.pinned;
        view.last_used_ms = worker.last_used_ms;
        view.not_before_ms = worker.not_before_ms;
        state.workers.push_back(std::move(view));
    }
    for (const auto& [id, demand] : demands_) {
        if (!demand->worker && !demand->impossible) state.demands.push_back(demand->view);
    }
    return state;
}

void WorkerPool::advance(const Lock& lock) {
    for (int i = 0; i < decisions_max; ++i) {
        const Decision decision = decide(state(lock));
        if (decision.action == Action::wait) return;
        carry_out(decision, lock);
        if (decision.action == Action::kill) return;  // it holds its memory until it is gone
    }
    spdlog::error("the memory arbiter does not come to rest");
}

void WorkerPool::carry_out(const Decision& decision, const Lock&) {
    Worker* worker = decision.worker >= 0 ? &workers_.at(static_cast<std::size_t>(decision.worker)) : nullptr;
    Demand* demand =
        decision.demand >= 0 && demands_.contains(decision.demand) ? demands_[decision.demand] : nullptr;
    switch (decision.action) {
        case Action::wait:
            break;
        case Action::impossible:
            demand->impossible = true;
            break;
        case Action::grant:
        case Action::load:
            worker->busy = true;
            demand->worker = worker;
            demand->load = decision.action == Action::load;
            if (demand->load) {
                worker->model = demand->view.model;
                worker->declared_mb = demand->view.need_mb;
            }
            break;
        case Action::evict:
            ++counters_.evictions;
            worker->busy = true;
            to_end_.push_back(worker);
            break;
        case Action::kill:
            ++counters_.kills;
            worker->last_error = "It held far more memory than its model is said to need and was ended.";
            spdlog::warn("worker {}:{} holds {} MB, declared {} MB: ended", to_string(worker->kind),
                         worker->number, measured_mb(*worker), worker->declared_mb);
            if (worker->process) worker->process->kill();
            break;
    }
    changed_.notify_all();
}

Result<void> WorkerPool::wait_for_grant(Demand& demand, const std::stop_token& stop) {
    Lock lock(mutex_);
    demand.view.id = next_demand_++;
    demand.view.since_ms = clock_.now_ms();
    demands_[demand.view.id] = &demand;
    while (true) {
        advance(lock);
        if (demand.worker || demand.impossible || stop.stop_requested()) break;
        changed_.wait_for(lock, stop, look_again_every, [&] { return demand.worker || demand.impossible; });
    }
    demands_.erase(demand.view.id);
    if (demand.impossible) {
        return Error{ErrorCode::unavailable,
                     fmt::format("The model {} needs {} MB of memory; this machine has {} MB for models.",
                                 demand.view.model, demand.view.need_mb, options_.plan.budget_mb),
                     {}};
    }
    if (!demand.worker) return Error{ErrorCode::canceled, "Stopped while waiting for a worker.", {}};
    return {};
}

Result<WorkerPool::Borrowed> WorkerPool::acquire(WorkerKind kind, const ModelNeed& model,
                                                 const engine::RunCallbacks& callbacks,
                                                 std::stop_token stop) {
    if (options_.plan.kinds[kind].count == 0)
        return Error{
            ErrorCode::unavailable, fmt::format("This machine has no {} worker.", to_string(kind)), {}};
    Demand demand;
    demand.view.kind = kind;
    demand.view.model = model.files.model;
    demand.view.need_mb = model.memory_mb;
    OURVIDZ_CHECK(wait_for_grant(demand, stop));
    Borrowed borrowed(*this, *demand.worker);
    // A model that was installed anew may have other files under its old name.
    const bool has_others = demand.worker->files != model.files.files;
    if (demand.load || has_others) OURVIDZ_CHECK(load(*demand.worker, model, callbacks, stop));
    return borrowed;
}

engine::WorkerOptions WorkerPool::worker_options(const Worker& worker) const {
    engine::WorkerOptions options;
    options.executable = options_.executables / executable_of(worker.kind);
    options.load_timeout_ms = options_.load_timeout_ms;
    options.patience = options_.patience;
    options.cancel_timeout_ms = options_.cancel_timeout_ms;
    const std::string name = fmt::format("{}:{}", to_string(worker.kind), worker.number);
    options.log = [name](std::string_view level, std::string_view message) {
        if (level == "error" || level == "warning") spdlog::warn("worker {}: {}", name, message);
    };
    return options;
}

Result<void> WorkerPool::load(Worker& worker, const ModelNeed& model, const engine::RunCallbacks& callbacks,
                              const std::stop_token& stop) {
    engine::ModelFiles files = model.files;
    files.options["threads"] = options_.plan.kinds[worker.kind].threads;
    const std::int64_t began_ms = clock_.now_ms();
    auto started = engine::WorkerProcess::start(worker_options(worker));
    if (!started) {
        Lock lock(mutex_);
        note_crash(worker, started.error().detail, lock);
        return started.error();
    }
    auto process = std::move(*started);
    {
        Lock lock(mutex_);  // from here on it can be killed by the arbiter
        worker.process = std::move(process);
        worker.files = model.files.files;
        ++counters_.loads;
        worker.loaded_at_ms = 0;
    }
    auto loaded = worker.process->load(files, callbacks, stop);
    if (!loaded) worker.process->kill();
    Lock lock(mutex_);
    if (loaded) {
        worker.loaded_at_ms = clock_.now_ms();
        worker.load_ms = worker.loaded_at_ms - began_ms;
        return {};
    }
    if (loaded.error().code == ErrorCode::canceled) {
        worker.process.reset();
        worker.model.clear();
        worker.declared_mb = 0;
    } else {
        note_crash(worker, loaded.error().detail, lock);
    }
    return loaded.error();
}

void WorkerPool::note_crash(Worker& worker, std::string why, const Lock&) {
    const int pause_ms = worker.backoff.next_ms(random_);
    ++counters_.crashes;
    ++worker.restarts;
    worker.not_before_ms = clock_.now_ms() + pause_ms;
    worker.process.reset();
    worker.model.clear();
    worker.declared_mb = 0;
    worker.last_error = std::move(why);
    spdlog::warn("worker {}:{} failed, next start in {} ms: {}", to_string(worker.kind), worker.number,
                 pause_ms, worker.last_error);
}

void WorkerPool::give_back(Worker& worker, bool good) {
    Lock lock(mutex_);
    if (good) {
        worker.backoff.reset();
        worker.last_error.clear();
    }
    if (worker.process && !worker.process->alive()) {
        note_crash(worker, worker.last_error.empty() ? "It died while it worked." : worker.last_error, lock);
    }
    worker.busy = false;
    worker.last_used_ms = clock_.now_ms();
    advance(lock);
    changed_.notify_all();
}

void WorkerPool::supervise(const std::stop_token& stop) {
    Lock lock(mutex_);
    while (!stop.stop_requested()) {
        changed_.wait_for(lock, stop, look_again_every * 4, [&] { return !to_end_.empty(); });
        while (!to_end_.empty()) {
            Worker* worker = to_end_.front();
            to_end_.pop_front();
            end_process(*worker, lock);
        }
        look_after_idle_workers(lock);
        advance(lock);
    }
}

void WorkerPool::look_after_idle_workers(const Lock& lock) {
    const std::int64_t now_ms = clock_.now_ms();
    for (Worker& worker : workers_) {
        if (worker.busy || !worker.process) continue;
        if (!worker.process->alive()) {
            note_crash(worker, "It died while it had nothing to do.", lock);
        } else if (!worker.pinned && now_ms - worker.last_used_ms >= options_.idle_unload_ms) {
            ++counters_.idle_unloads;
            worker.busy = true;
            to_end_.push_back(&worker);
        }
    }
}

// The worker is busy and belongs to the caller. Its memory counts until the process is gone.
void WorkerPool::end_process(Worker& worker, Lock& lock) {
    lock.unlock();
    if (worker.process && !worker.process->shutdown().ok()) worker.process->kill();
    lock.lock();
    worker.process.reset();
    worker.model.clear();
    worker.declared_mb = 0;
    worker.busy = false;
    advance(lock);
    changed_.notify_all();
}

void WorkerPool::end_idle() {
    Lock lock(mutex_);
    for (Worker& worker : workers_) {
        if (worker.busy || !worker.process) continue;
        worker.busy = true;
        end_process(worker, lock);
    }
}

bool WorkerPool::wait_until_usable(WorkerKind kind, const std::stop_token& stop) {
    Lock lock(mutex_);
    const auto usable = [&] {
        const std::int64_t now_ms = clock_.now_ms();
        return std::any_of(workers_.begin(), workers_.end(), [&](const Worker& worker) {
            return worker.kind == kind && worker.not_before_ms <= now_ms;
        });
    };
    while (!stop.stop_requested() && !usable())
        changed_.wait_for(lock, stop, look_again_every, [] { return false; });
    return !stop.stop_requested();
}

int WorkerPool::loaded(WorkerKind kind) const {
    Lock lock(mutex_);
    return static_cast<int>(std::count_if(workers_.begin(), workers_.end(), [&](const Worker& worker) {
        return worker.kind == kind && worker.process && !worker.model.empty();
    }));
}

std::string WorkerPool::detail(const Worker& worker) const {
    std::string text;
    if (worker.not_before_ms > clock_.now_ms()) {
        text = fmt::format("waits {} ms before the next start", worker.not_before_ms - clock_.now_ms());
    } else if (worker.model.empty()) {
        text = "not loaded";
    } else {
        const int measured = measured_mb(worker);
        text = fmt::format("{} with {}, {} MB", worker.busy ? "at work" : "ready", worker.model,
                           measured > 0 ? measured : worker.declared_mb);
    }
    if (worker.restarts > 0) text += fmt::format(", {} restarts", worker.restarts);
    // Why is in the log, and with the attempt: this is read by everybody.
    if (!worker.last_error.empty()) text += ", failed when it last worked";
    return text;
}

json::object WorkerPool::status() const {
    Lock lock(mutex_);
    json::array list;
    for (const Worker& worker : workers_) {
        list.push_back({{"name", fmt::format("{}:{}", to_string(worker.kind), worker.number)},
                        {"ok", worker.not_before_ms <= clock_.now_ms()},
                        {"detail", without_controls(detail(worker))}});
    }
    return {{"memory_mb", options_.plan.budget_mb},
            {"memory_used_mb", held_mb(state(lock))},
            {"note", options_.plan.note},
            {"workers", std::move(list)}};
}

json::object WorkerPool::card() const {
    Lock lock(mutex_);
    const std::int64_t now_ms = clock_.now_ms();
    json::array places;
    for (const Worker& worker : workers_) {
        json::object place{{"line", to_string(worker.kind)}};
        if (!worker.model.empty()) {
            place["model"] = worker.model;
            place["memory_mb"] = std::max(worker.declared_mb, measured_mb(worker));
            place["pinned"] = worker.pinned;
            if (worker.loaded_at_ms > 0) {
                place["loaded_for_ms"] = std::max<std::int64_t>(now_ms - worker.loaded_at_ms, 0);
                place["load_ms"] = worker.load_ms;
            }
        }
        places.push_back(std::move(place));
    }
    return {{"memory_mb", options_.plan.budget_mb}, {"places", std::move(places)}};
}

PoolCounters WorkerPool::counters() const {
    Lock lock(mutex_);
    return counters_;
}

std::vector<pid_t> WorkerPool::pids(WorkerKind kind) const {
    Lock lock(mutex_);
    std::vector<pid_t> found;
    for (const Worker& worker : workers_) {
        if (worker.kind == kind && worker.process) found.push_back(worker.process->pid());
    }
    return found;
}

}  // namespace ourvidz::node
