// What the operator's Prometheus sees. Thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "http/loop_watch.h"
#include "queue/queue.h"
#include "studio/module.h"

namespace ourvidz::generations {

class Metrics {
  public:
    Metrics();
    ~Metrics();

    void accepted(std::string_view kind);
    // From acceptance to a node's claim.
    void started(std::string_view kind, double waited_seconds);
    void attempt_ended(std::string_view outcome);
    void attempts_lost(std::size_t count);
    void audited(const std::string& name, const studio::Report& report);

    struct Now {
        queue::Counts jobs;
        std::size_t event_readers = 0;
        int connections = 0;
        std::optional<std::uint64_t> bytes_free;  // null: the disk does not say
        http::LoopWatch::Longest loop;
    };
    // What a node has counted since it started, as it told it.
    void node_counters(std::string_view node_id, const json::object& counters);
    // Sets the gauges and answers everything in the text exposition format.
    [[nodiscard]] std::string text(const Now& now);

  private:
    struct Families;
    std::unique_ptr<Families> families_;
};

}  // namespace ourvidz::generations
