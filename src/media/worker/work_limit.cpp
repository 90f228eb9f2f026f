#include "media/worker/work_limit.h"

#include <ctime>
#include <utility>

namespace ourvidz::media {
namespace {

constexpr std::chrono::milliseconds look_every{50};

std::chrono::nanoseconds processor_time_used() {
    timespec used{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

}  // namespace

WorkLimit::WorkLimit(std::chrono::milliseconds processor_time, std::function<void()> beyond)
    : beyond_(std::move(beyond)) {
    if (!beyond_) return;
    watcher_ = std::thread([this, end = processor_time_used() + processor_time] { watch(end); });
}

WorkLimit::~WorkLimit() {
    {
        const std::lock_guard lock(mutex_);
        over_ = true;
    }
    changed_.notify_all();
    if (watcher_.joinable()) watcher_.join();
}

void WorkLimit::watch(std::chrono::nanoseconds end) {
    std::unique_lock lock(mutex_);
    while (!over_ && processor_time_used() < end) changed_.wait_for(lock, look_every);
    // Still locked: work that ends just now is either in time or never told as done.
    if (!over_) beyond_();
}

}  // namespace ourvidz::media
