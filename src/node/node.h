// `ourvidz node`: takes jobs from a server and does them with the engine workers of this machine.
#pragma once

#include <atomic>
#include <filesystem>
#include <string>

#include "base/result.h"
#include "catalog/live_catalog.h"
#include "engine/remote/patience.h"
#include "node/attempt_link.h"
#include "node/memory_plan.h"

namespace ourvidz::node {

struct Options {
    ServerAddress server;
    std::string node_id = "node";       // the same after a restart, different from other nodes of the server
    std::filesystem::path executables;  // the folder of diffusion_worker, chat_worker, media_worker
    std::filesystem::path upscaler_onnx;  // empty or absent: pictures are enlarged by Lanczos
    int media_memory_mb = 0;              // address space of each media worker; 0: its default
    catalog::Places catalog;              // memory_mb_max 0: what this machine has
    std::filesystem::path choices;        // a new file here means that models have changed
    catalog::LiveCatalog::Load reload;    // what to do then; null: nothing ever changes
    MemoryOptions memory;
    PatienceLimits patience;       // with a server that is away
    int idle_unload_ms = 300'000;  // a worker that is not always loaded ends after so long without work
    int load_timeout_ms = 600'000;
    engine::PatienceOptions worker_patience;
};

// When models come or go and that changes what this machine can do, the places finish what they are at and
// others take over, with the workers that are then due. Runs until `stop` is true (set it from a signal
// handler): then running jobs go back to the queue and all workers end. Errors: unavailable when the node
// cannot start (gate, catalogue, media worker).
[[nodiscard]] Result<void> run(const Options& options, const std::atomic<bool>& stop);

}  // namespace ourvidz::node
