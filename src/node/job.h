// What a job needs to run, whatever its medium, and what it ends with.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/catalog.h"
#include "media/media_client.h"
#include "node/attempt_link.h"
#include "node/job_control.h"
#include "node/lease.h"
#include "node/worker_pool.h"
#include "safety/gate.h"

namespace ourvidz::node {

// One attempt at one job. Everything is borrowed and outlives the job.
struct Job {
    const Lease& lease;
    const catalog::Entry& entry;    // of the model that the lease names
    const catalog::KindSpec& spec;  // how the entry serves the lease's kind
    WorkerKind worker_kind;
    ModelNeed model;
    WorkerPool& workers;
    media::MediaClient& media;
    const safety::Gate& gate;
    const ServerAddress& server;
    const PatienceLimits& limits;
    const Random& random;
    AttemptLink& link;  // for the job's own thread
    JobControl& control;
    std::vector<engine::LoraWeight> loras = {};  // the lease's, with this machine's files
    const catalog::Entry* painter =
        nullptr;  // the model that will draw what is put into words, where it is known
};

struct JobResult {
    std::optional<safety::Released<safety::Answer>> answer;  // chat kinds: all of it
    bool stopped = false;        // canceled: the answer is what there was until then
    bool cut = false;            // the answer ends where the model's limit was
    std::int64_t engine_ms = 0;  // time spent in the engine
    std::int64_t work_ms = 0;    // from when the model was ready to when everything was handed over
};

// Each makes what is still missing of the job and hands it over. Errors: refused, held and invalid_field
// would come again; others are worth another attempt; canceled when the control stopped it.
[[nodiscard]] Result<JobResult> run_image_job(Job& job);
[[nodiscard]] Result<JobResult> run_video_job(Job& job);
[[nodiscard]] Result<JobResult> run_chat_job(Job& job);

// Where the job's pixels come from, for the gate.
[[nodiscard]] safety::Origin origin_of(const Job& job);
// How the picture of this position was made, without what a medium adds.
[[nodiscard]] json::object recipe_of(const Job& job, int position, const engine::WorkerInfo& engine);
// The source picture in exactly this size; empty when the job has none.
[[nodiscard]] Result<std::string> source_pixels(Job& job, int width, int height);

[[nodiscard]] media::Rgb8 to_rgb8(safety::Picture picture);
[[nodiscard]] safety::Picture to_picture(media::Rgb8 pixels);

// Measures the time that it lives.
class Stopwatch {
  public:
    [[nodiscard]] std::int64_t ms() const {
        using namespace std::chrono;
        return duration_cast<milliseconds>(steady_clock::now() - start_).count();
    }

  private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace ourvidz::node
