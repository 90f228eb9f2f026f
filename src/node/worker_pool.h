// The engine workers of this node: started when they are needed, restarted with back-off when they crash,
// ended when they idle or when the arbiter wants their memory.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"
#include "engine/remote/worker_process.h"
#include "engine/requests.h"
#include "node/backoff.h"
#include "node/memory_arbiter.h"
#include "node/memory_plan.h"
#include "node/worker_kind.h"

namespace ourvidz::node {

struct PoolOptions {
    std::filesystem::path executables;  // the folder of diffusion_worker and chat_worker
    MemoryPlan plan;
    bool measure_resident = true;  // false on an accelerator, where a process's resident memory says little
    int idle_unload_ms = 300'000;  // a worker that is not always loaded ends after so long without work
    int memory_patience_ms = 30'000;  // see MemoryState
    int restart_first_ms = 250;
    int restart_max_ms = 30'000;
    int load_timeout_ms = 600'000;
    engine::PatienceOptions patience;  // with a worker that says nothing
    int cancel_timeout_ms = 10'000;    // from a cancel to the end of the run; then the worker is ended
};

// A model to be run: its files and what the catalogue says that it needs.
struct ModelNeed {
    engine::ModelFiles files;
    int memory_mb = 0;
};

struct PoolCounters {
    std::int64_t loads = 0;
    std::int64_t evictions = 0;  // unloaded to make room or to swap a model
    std::int64_t idle_unloads = 0;
    std::int64_t crashes = 0;
    std::int64_t kills = 0;  // ended because they held far more memory than declared
};

// Thread-safe.
class WorkerPool {
  public:
    WorkerPool(PoolOptions options, const Clock& clock, Random random);
    ~WorkerPool();  // everything that was borrowed must be back
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

  private:
    struct Worker;

  public:
    // A loaded worker, for one thread. Giving it back is its destructor.
    class Borrowed {
      public:
        Borrowed(Borrowed&& other) noexcept;
        Borrowed& operator=(Borrowed&&) = delete;
        ~Borrowed();
        [[nodiscard]] engine::WorkerProcess& process() const;
        // The run was good: the worker's back-off starts anew.
        void succeeded() { good_ = true; }

      private:
        friend class WorkerPool;
        Borrowed(WorkerPool& pool, Worker& worker) : pool_(&pool), worker_(&worker) {}
        WorkerPool* pool_;
        Worker* worker_;
        bool good_ = false;
    };

    // Waits until the arbiter grants a worker with this model, and loads it if need be. Errors: canceled
    // after `stop`; unavailable when the model can never fit or the program does not start; engine_failed
    // with the engine's words when it does not load.
    [[nodiscard]] Result<Borrowed> acquire(WorkerKind kind, const ModelNeed& model,
                                           const engine::RunCallbacks& callbacks, std::stop_token stop);

    // Waits while every worker of the kind is in its back-off, so that no attempt is spent on a worker that
    // cannot take it. False after `stop`.
    [[nodiscard]] bool wait_until_usable(WorkerKind kind, const std::stop_token& stop);
    // How many workers of the kind have a model loaded.
    [[nodiscard]] int loaded(WorkerKind kind) const;

    // For the health page: {memory_mb, memory_used_mb, note, workers: [{name, ok, detail}]}.
    [[nodiscard]] json::object status() const;
    // For the server's scheduler: {memory_mb, places: [{line, model, memory_mb, pinned, loaded_for_ms,
    // load_ms}]}.
    [[nodiscard]] json::object card() const;
    [[nodiscard]] PoolCounters counters() const;
    // Process ids of the workers that run, for tests and for people.
    [[nodiscard]] std::vector<pid_t> pids(WorkerKind kind) const;

    // Ends every process that is not at work.
    void end_idle();

  private:
    struct Worker {
        int id = 0;
        int number = 0;  // within its kind
        WorkerKind kind = WorkerKind::image;
        bool pinned = false;
        std::unique_ptr<engine::WorkerProcess> process;
        std::string model;                         // see WorkerView
        std::map<std::string, std::string> files;  // of the model as it was loaded: role to path
        int declared_mb = 0;
        bool busy = false;
        std::int64_t last_used_ms = 0;
        std::int64_t loaded_at_ms = 0;  // 0: not loaded
        std::int64_t load_ms = 0;       // what loading it took
        std::int64_t not_before_ms = 0;
        std::int64_t restarts = 0;
        std::string last_error;
        Backoff backoff;

        Worker(int id, int number, WorkerKind kind, bool pinned, Backoff backoff)
            : id(id), number(number), kind(kind), pinned(pinned), backoff(backoff) {}
    };
    struct Demand {
        DemandView view;
        Worker* worker = nullptr;
        bool load = false;
        bool impossible = false;
    };
    using Lock = std::unique_lock<std::mutex>;

    [[nodiscard]] MemoryState state(const Lock& lock) const;
    [[nodiscard]] int measured_mb(const Worker& worker) const;
    void advance(const Lock& lock);
    void carry_out(const Decision& decision, const Lock& lock);
    [[nodiscard]] Result<void> wait_for_grant(Demand& demand, const std::stop_token& stop);
    [[nodiscard]] Result<void> load(Worker& worker, const ModelNeed& model,
                                    const engine::RunCallbacks& callbacks, const std::stop_token& stop);
    [[nodiscard]] engine::WorkerOptions worker_options(const Worker& worker) const;
    void give_back(Worker& worker, bool good);
    void note_crash(Worker& worker, std::string why, const Lock& lock);
    void supervise(const std::stop_token& stop);
    void look_after_idle_workers(const Lock& lock);
    void end_process(Worker& worker, Lock& lock);
    [[nodiscard]] std::string detail(const Worker& worker) const;

    PoolOptions options_;
    const Clock& clock_;
    Random random_;
    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<Worker> workers_;  // addresses stay
    std::map<int, Demand*> demands_;
    std::deque<Worker*> to_end_;  // busy, chosen for the supervisor to end
    int next_demand_ = 0;
    PoolCounters counters_;
    std::jthread supervisor_;
};

}  // namespace ourvidz::node
