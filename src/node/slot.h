// One place for one job at a time: asks the server for a job that its kind of worker can do, does it, asks
// again.
//
// Every place polls under a name of its own (NODE/image/0). So it has one poll at a time that may answer with
// a lease, and that poll is never given up in mid-air because something else has happened: no lease gets
// lost, and the next one is asked for the moment the place is free. While a job runs, a second connection
// renews its lease.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "catalog/live_catalog.h"
#include "http/client.h"
#include "media/media_client.h"
#include "node/attempt_link.h"
#include "node/job.h"
#include "node/node_counters.h"
#include "node/worker_pool.h"
#include "safety/gate.h"

namespace ourvidz::node {

// What all places of a node share. Outlives them.
struct NodeParts {
    const catalog::LiveCatalog& catalog;
    const safety::Gate& gate;
    WorkerPool& workers;
    media::MediaClient& media;
    ServerAddress server;
    std::string node_id;
    PatienceLimits limits;
    Random random;
    NodeCounters& counters;
};

class Slot {
  public:
    // `kinds`: the job kinds that this place asks for.
    Slot(NodeParts& parts, WorkerKind kind, int number, std::vector<std::string> kinds, bool keep_loaded);

    // Until `stop`, which gives back what runs, or leave().
    void run(const std::stop_token& stop);
    // Asks for nothing more, so that run() ends when the job at hand has. From any thread.
    void leave() { leaving_.request_stop(); }

  private:
    void serve(const std::stop_token& stop);
    void say_goodbye();
    void keep_loaded(const std::stop_token& stop);
    [[nodiscard]] Result<News> poll(const std::stop_token& stop);
    void take_up(const Lease& lease, const std::stop_token& stop);
    [[nodiscard]] Result<JobResult> work_on(const Lease& lease, AttemptLink& link, JobControl& control);
    void report(const Result<JobResult>& result, const Lease& lease, AttemptLink& link,
                const JobControl& control);
    void give_back(const Lease& lease) const;

    NodeParts& parts_;
    WorkerKind kind_;
    std::string id_;
    int number_;
    std::vector<std::string> kinds_;
    bool keep_loaded_;
    http::Client client_;
    std::stop_source leaving_;
};

// The model that serves a lease, ready for a worker.
struct ServedModel {
    const catalog::Entry* entry = nullptr;
    const catalog::KindSpec* spec = nullptr;
    ModelNeed need;
};
// Errors: unavailable when the model or the kind is not here.
[[nodiscard]] Result<ServedModel> served_model(const catalog::Catalog& catalog, std::string_view kind,
                                               std::string_view model);
// The LoRAs with the files that they have on this machine. Errors: unavailable when one is not here.
[[nodiscard]] Result<std::vector<engine::LoraWeight>> with_files(const std::vector<kinds::LoraUse>& loras,
                                                                 const catalog::Catalog& catalog,
                                                                 std::string_view family);

}  // namespace ourvidz::node
