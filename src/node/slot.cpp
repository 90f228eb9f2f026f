#include "node/slot.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "base/sentence.h"
#include "base/text.h"
#include "node/delivery.h"
#include "node/heartbeat.h"
#include "node/poll_limits.h"

namespace ourvidz::node {
namespace {

// Another attempt would end in the same way.
bool is_final(ErrorCode code) {
    return code == ErrorCode::refused || code == ErrorCode::held || code == ErrorCode::invalid_field ||
           code == ErrorCode::too_large;
}

json::object failure(const Error& error) {
    return {{"outcome", "failed"},
            {"retry", !is_final(error.code)},
            {"code", ourvidz::to_string(error.code)},
            {"detail", without_controls(sentence_of(error))}};
}

Result<JobResult> run_work(Job& job, const kinds::Kind& kind) {
    switch (kind.medium()) {
        case kinds::Medium::image:
            return run_image_job(job);
        case kinds::Medium::video:
            return run_video_job(job);
        case kinds::Medium::chat:
            break;
    }
    return run_chat_job(job);
}

}  // namespace

Result<ServedModel> served_model(const catalog::Catalog& catalog, std::string_view kind,
                                 std::string_view model) {
    ServedModel served;
    served.entry = catalog.find(model);
    if (served.entry) served.spec = served.entry->find_kind(kind);
    if (!served.spec || !catalog.status(*served.entry).installed)
        return Error{ErrorCode::unavailable,
                     fmt::format("The model {} is not installed here for {}.", model, kind),
                     {}};
    engine::ModelFiles& files = served.need.files;
    files.model = served.entry->name;
    files.family = served.entry->family;
    files.options = served.entry->options;
    for (const auto& [role, path] : catalog.status(*served.entry).files) files.files[role] = path.string();
    served.need.memory_mb = served.entry->memory_mb;
    return served;
}

Result<std::vector<engine::LoraWeight>> with_files(const std::vector<kinds::LoraUse>& loras,
                                                   const catalog::Catalog& catalog, std::string_view family) {
    std::vector<engine::LoraWeight> found;
    for (const auto& wanted : loras) {
        const auto* lora = catalog.find_lora(wanted.name, family);
        if (lora == nullptr)
            return Error{ErrorCode::unavailable,
                         fmt::format("The LoRA \"{}\" is not installed here for models of the family {}.",
                                     wanted.name, family),
                         {}};
        found.push_back({wanted.name, wanted.weight, lora->file.string()});
    }
    return found;
}

Slot::Slot(NodeParts& parts, WorkerKind kind, int number, std::vector<std::string> kinds, bool keep_loaded)
    : parts_(parts),
      kind_(kind),
      id_(fmt::format("{}/{}/{}", parts.node_id, to_string(kind), number)),
      number_(number),
      kinds_(std::move(kinds)),
      keep_loaded_(keep_loaded),
      client_(parts.server.url, parts.server.bearer) {}

void Slot::run(const std::stop_token& stop) {
    serve(stop);
    say_goodbye();
}

void Slot::serve(const std::stop_token& stop) {
    const std::stop_callback leave_too(stop, [this] { leave(); });
    const auto leaving = leaving_.get_token();
    const std::stop_callback interrupt(leaving, [this] { client_.interrupt(); });
    Backoff backoff(poll_retry_first_ms, poll_retry_max_ms);
    while (parts_.workers.wait_until_usable(kind_, leaving)) {
        if (keep_loaded_) keep_loaded(leaving);
        const Stopwatch watch;
        auto news = poll(leaving);
        if (!news) {
            if (leaving.stop_requested()) return;
            ++parts_.counters.polls_failed;
            if (!wait_ms(backoff.next_ms(parts_.random), leaving)) return;
            continue;
        }
        backoff.reset();
        for (const Lease& lease : news->leases) take_up(lease, stop);
        if (news->leases.empty() && watch.ms() < poll_interval_ms_min)
            (void)wait_ms(poll_interval_ms_min, leaving);
    }
}

void Slot::keep_loaded(const std::stop_token& stop) {
    if (kinds_.empty() || parts_.workers.loaded(kind_) > number_) return;
    const auto models = parts_.catalog.now();
    const auto entry = models->resolve(kinds_.front());
    if (!entry) return;
    const auto model = served_model(*models, kinds_.front(), (*entry)->name);
    if (!model) return;
    auto worker = parts_.workers.acquire(kind_, model->need, {}, stop);
    if (worker) worker->succeeded();
}

// The poll that was given up may still wait on the server and would take a job for nobody. A poll that asks
// for nothing ends it, and puts back what it has taken.
void Slot::say_goodbye() {
    http::Client client(parts_.server.url, parts_.server.bearer);
    (void)client.call(
        "POST", "/api/v1/node/poll",
        json::object{{"node_id", id_}, {"wait_ms", 0}, {"want", json::array()}, {"running", json::array()}},
        goodbye_ms_max);
}

Result<News> Slot::poll(const std::stop_token& stop) {
    if (stop.stop_requested()) return Error{ErrorCode::canceled, "The node ends.", {}};
    json::array kinds(kinds_.begin(), kinds_.end());
    return poll_server(client_,
                       {{"node_id", id_},
                        {"want", json::array{json::object{{"kinds", std::move(kinds)}, {"count", 1}}}},
                        {"running", json::array()},
                        {"card", parts_.workers.card()}},
                       poll_wait_ms);
}

void Slot::take_up(const Lease& lease, const std::stop_token& stop) {
    JobControl control;
    const std::stop_callback on_stop(stop, [&control] { control.stop(StopReason::shutdown); });
    AttemptLink link(parts_.server, lease.attempt_id, lease.fence, parts_.limits, parts_.random,
                     control.delivery());
    const Stopwatch watch;
    const auto result = [&] {
        // Ends before the finish: a heartbeat that reached the server after the next poll of this place would
        // say that the place does not have the job which that poll has just got.
        const Heartbeat heartbeat(parts_.server, id_, lease, control, parts_.counters, parts_.random);
        return work_on(lease, link, control);
    }();
    spdlog::info("{} {}: {} in {} ms", lease.kind, lease.attempt_id,
                 result ? "done" : ourvidz::to_string(result.error().code), watch.ms());
    report(result, lease, link, control);
}

Result<JobResult> Slot::work_on(const Lease& lease, AttemptLink& link, JobControl& control) {
    const auto* kind = kinds::find(lease.kind);
    if (kind == nullptr)
        // A newer node may know it.
        return Error{ErrorCode::unavailable,
                     fmt::format("This node knows no jobs of the kind {}.", without_controls(lease.kind)),
                     {}};
    // Held to the end of the job, which may outlive what the catalogue says now.
    const auto models = parts_.catalog.now();
    auto served = served_model(*models, lease.kind, lease.model);
    if (!served) return served.error();
    // Layers are drawn from nothing.
    if (served->entry->layers && lease.source() != nullptr)
        served = served_model(*models, lease.kind, served->entry->layers->over_pictures);
    if (!served) return served.error();
    OURVIDZ_TRY(loras, with_files(lease.settings.loras, *models, served->entry->family));
    Job job{lease,
            *served->entry,
            *served->spec,
            catalog::line_of(*served->entry, *kind),
            std::move(served->need),
            parts_.workers,
            parts_.media,
            parts_.gate,
            parts_.server,
            parts_.limits,
            parts_.random,
            link,
            control,
            std::move(loras),
            models->find(lease.settings.for_model.value_or(""))};
    try {
        return run_work(job, *kind);
    } catch (const std::exception& failure) {
        return Error{ErrorCode::internal, fmt::format("The node failed: {}.", failure.what()), {}};
    }
}

void Slot::report(const Result<JobResult>& result, const Lease& lease, AttemptLink& link,
                  const JobControl& control) {
    KindCounters& counters = parts_.counters.kinds[kind_];
    const StopReason reason = control.reason();
    if (reason == StopReason::lost) {
        ++counters.lost;
        return;
    }
    if (result && !result->stopped) {
        counters.engine_ms += result->engine_ms;
        ++counters.succeeded;
        (void)Delivery(link, parts_.media).succeeded(*result);
        return;
    }
    switch (reason) {
        case StopReason::shutdown:
            ++counters.given_back;
            give_back(lease);
            return;
        case StopReason::canceled:
            ++counters.canceled;
            (void)Delivery(link, parts_.media).canceled(result ? result->answer : std::nullopt);
            return;
        case StopReason::refused:
            ++counters.declined;
            (void)link.finish(failure(control.error().value_or(result.error())));
            return;
        case StopReason::lost:
        case StopReason::none:
            break;
    }
    if (result.error().code == ErrorCode::lease_lost) {
        ++counters.lost;
        return;
    }
    ++(is_final(result.error().code) ? counters.declined : counters.failed);
    (void)link.finish(failure(result.error()));
}

// The queue gives the job to somebody else at once, instead of when the lease has run out.
void Slot::give_back(const Lease& lease) const {
    PatienceLimits limits = parts_.limits;
    limits.call_timeout_ms = goodbye_ms_max;
    limits.give_up_after_ms = goodbye_ms_max;
    AttemptLink link(parts_.server, lease.attempt_id, lease.fence, limits, parts_.random, {});
    (void)link.finish({{"outcome", "released"}});
}

}  // namespace ourvidz::node
