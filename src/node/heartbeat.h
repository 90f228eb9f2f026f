// Renews one lease while its job runs, and hears that the job is to be stopped.
#pragma once

#include <stop_token>
#include <string>
#include <thread>

#include "http/client.h"
#include "node/attempt_link.h"
#include "node/job_control.h"
#include "node/lease.h"
#include "node/node_counters.h"

namespace ourvidz::node {

// One poll; `body` without its wait is completed with `wait_ms`. Errors as http::Client::call.
[[nodiscard]] Result<News> poll_server(http::Client& client, json::object body, int wait_ms);

class Heartbeat {
  public:
    Heartbeat(const ServerAddress& server, std::string slot_id, const Lease& lease, JobControl& control,
              NodeCounters& counters, Random random);
    ~Heartbeat();
    Heartbeat(const Heartbeat&) = delete;
    Heartbeat& operator=(const Heartbeat&) = delete;

  private:
    void beat(const std::stop_token& stop);
    void take(const News& news);

    http::Client client_;
    std::string slot_id_;
    const Lease& lease_;
    JobControl& control_;
    NodeCounters& counters_;
    Random random_;
    std::jthread thread_;
};

}  // namespace ourvidz::node
