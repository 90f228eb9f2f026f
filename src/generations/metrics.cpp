#include "generations/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <limits>

namespace ourvidz::generations {
namespace {

const prometheus::Histogram::BucketBoundaries& wait_seconds() {
    static const prometheus::Histogram::BucketBoundaries bounds{0.001, 0.005, 0.02, 0.1, 0.5,
                                                                2,     10,    60,   300, 1800};
    return bounds;
}

double resident_bytes() {
    std::ifstream file("/proc/self/statm");
    double total = 0;
    double resident = 0;
    file >> total >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

}  // namespace

struct Metrics::Families {
    prometheus::Registry registry;
    prometheus::Family<prometheus::Counter>& accepted = prometheus::BuildCounter()
                                                            .Name("ourvidz_generations_accepted_total")
                                                            .Help("Generations accepted, by kind.")
                                                            .Register(registry);
    prometheus::Family<prometheus::Histogram>& waited =
        prometheus::BuildHistogram()
            .Name("ourvidz_generation_wait_seconds")
            .Help("From acceptance to a node's claim, by kind.")
            .Register(registry);
    prometheus::Family<prometheus::Counter>& attempts = prometheus::BuildCounter()
                                                            .Name("ourvidz_attempts_total")
                                                            .Help("Attempts that ended, by outcome.")
                                                            .Register(registry);
    prometheus::Family<prometheus::Gauge>& jobs = prometheus::BuildGauge()
                                                      .Name("ourvidz_jobs")
                                                      .Help("Jobs by state; dead: given up in the past day.")
                                                      .Register(registry);
    prometheus::Family<prometheus::Gauge>& audit =
        prometheus::BuildGauge()
            .Name("ourvidz_audit")
            .Help(
                "The latest audits: sound is 1 or there is a fault; of the ledger also findings and drift in "
                "credits, which must be 0, and transfers.")
            .Register(registry);
    prometheus::Family<prometheus::Gauge>& node =
        prometheus::BuildGauge()
            .Name("ourvidz_node_runs")
            .Help("What each node has counted since it started: runs by outcome, and engine_ms.")
            .Register(registry);
    prometheus::Family<prometheus::Gauge>& process =
        prometheus::BuildGauge()
            .Name("ourvidz_server")
            .Help(
                "This server: event_readers, connections, resident_bytes, files_bytes_free; since the start, "
                "the "
                "longest time in seconds by which the I/O thread was late (loop_late), and was computing "
                "while "
                "it was (loop_busy).")
            .Register(registry);
};

Metrics::Metrics() : families_(std::make_unique<Families>()) {}
Metrics::~Metrics() = default;

void Metrics::accepted(std::string_view kind) {
    families_->accepted.Add({{"kind", std::string(kind)}}).Increment();
}

void Metrics::started(std::string_view kind, double waited_seconds) {
    families_->waited.Add({{"kind", std::string(kind)}}, wait_seconds()).Observe(waited_seconds);
}

void Metrics::attempt_ended(std::string_view outcome) {
    families_->attempts.Add({{"outcome", std::string(outcome)}}).Increment();
}

void Metrics::audited(const std::string& name, const studio::Report& report) {
    const auto set = [this, &name](std::string_view what, std::int64_t value) {
        families_->audit.Add({{"audit", name}, {"what", std::string(what)}}).Set(static_cast<double>(value));
    };
    set("sound", report.sound ? 1 : 0);
    for (const auto& [what, value] : report.numbers) set(what, value);
}

void Metrics::attempts_lost(std::size_t count) {
    families_->attempts.Add({{"outcome", "lost"}}).Increment(static_cast<double>(count));
}

void Metrics::node_counters(std::string_view node_id, const json::object& counters) {
    for (const auto& [worker, counted] : counters) {
        if (!counted.is_object()) continue;
        for (const auto& [name, number] : counted.get_object()) {
            if (!number.is_number()) continue;
            families_->node
                .Add({{"node", std::string(node_id)},
                      {"worker", std::string(worker)},
                      {"count", std::string(name)}})
                .Set(number.to_number<double>());
        }
    }
}

std::string Metrics::text(const Now& now) {
    const auto set = [](prometheus::Family<prometheus::Gauge>& family, const char* label, const char* value,
                        double number) {
        family.Add({{label, value}}).Set(number);
    };
    set(families_->jobs, "state", "queued", static_cast<double>(now.jobs.queued));
    set(families_->jobs, "state", "running", static_cast<double>(now.jobs.running));
    set(families_->jobs, "state", "dead", static_cast<double>(now.jobs.dead));
    set(families_->process, "value", "event_readers", static_cast<double>(now.event_readers));
    set(families_->process, "value", "connections", now.connections);
    set(families_->process, "value", "resident_bytes", resident_bytes());
    set(families_->process, "value", "files_bytes_free",
        now.bytes_free ? static_cast<double>(*now.bytes_free) : std::numeric_limits<double>::quiet_NaN());
    const auto seconds = [](std::chrono::nanoseconds time) {
        return std::chrono::duration<double>(time).count();
    };
    set(families_->process, "value", "loop_late", seconds(now.loop.late));
    set(families_->process, "value", "loop_busy", seconds(now.loop.busy));
    return prometheus::TextSerializer().Serialize(families_->registry.Collect());
}

}  // namespace ourvidz::generations
