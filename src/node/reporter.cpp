#include "node/reporter.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "node/delivery.h"

namespace ourvidz::node {

json::object to_json(const ProgressReport& report) {
    json::object body{{"phase", report.phase},
                      {"fraction", std::clamp(report.fraction, 0.0, 1.0)},
                      {"position", report.position}};
    if (report.steps > 0) {
        body["step"] = report.step;
        body["steps"] = report.steps;
    }
    return body;
}

Reporter::Reporter(Job& job)
    : job_(job),
      origin_(origin_of(job)),
      link_(job.server, job.lease.attempt_id, job.lease.fence, job.limits, job.random,
            job.control.delivery()),
      thread_([this](const std::stop_token& stop) { work(stop); }) {}

Reporter::~Reporter() {
    thread_.request_stop();
    link_.interrupt();
    thread_.join();
}

void Reporter::progress(ProgressReport report) {
    {
        std::lock_guard lock(mutex_);
        progress_ = std::move(report);
    }
    wake_.notify_one();
}

void Reporter::preview(safety::Picture picture, int position) {
    {
        std::lock_guard lock(mutex_);
        preview_ = Preview{std::move(picture), position};
    }
    wake_.notify_one();
}

void Reporter::work(const std::stop_token& stop) {
    using Steady = std::chrono::steady_clock;
    auto progress_at = Steady::now();
    auto preview_at = progress_at;
    while (!stop.stop_requested()) {
        std::unique_lock lock(mutex_);
        if (!wake_.wait(lock, stop, [&] { return progress_ || preview_; })) return;
        // Wait for the earlier of what may be sent; in the meantime it may be replaced by something newer.
        auto due = Steady::time_point::max();
        if (progress_) due = std::min(due, progress_at);
        if (preview_) due = std::min(due, preview_at);
        wake_.wait_until(lock, stop, due, [] { return false; });
        if (stop.stop_requested()) return;
        const auto now = Steady::now();
        std::optional<ProgressReport> report;
        std::optional<Preview> picture;
        if (progress_ && now >= progress_at) report = std::exchange(progress_, std::nullopt);
        if (preview_ && now >= preview_at) picture = std::exchange(preview_, std::nullopt);
        lock.unlock();
        if (report) {
            progress_at = now + std::chrono::milliseconds(progress_interval_ms);
            note(link_.progress(to_json(*report)));
        }
        if (picture) {
            preview_at = now + std::chrono::milliseconds(preview_interval_ms);
            send_preview(std::move(*picture));
        }
    }
}

void Reporter::send_preview(Preview preview) {
    auto released = job_.gate.release(std::move(preview.picture), origin_);
    if (!released) return;
    Delivery delivery(link_, job_.media);
    note(delivery.preview(*released, preview.position));
}

void Reporter::note(const Result<void>& sent) {
    if (!sent && sent.error().code == ErrorCode::lease_lost) job_.control.stop(StopReason::lost);
}

}  // namespace ourvidz::node
