// A bound on the processor time of work that cannot be interrupted: a decoder in the middle of a hostile
// file.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace ourvidz::media {

// Watches from its making until its end. Processor time is that of the whole process, all threads together,
// so that a busy machine makes no picture fail.
class WorkLimit {
  public:
    // `beyond` is called at most once, on a thread of the limit's own, soon after the time is used up; it
    // ends the process. Without it nothing is watched.
    WorkLimit(std::chrono::milliseconds processor_time, std::function<void()> beyond);
    ~WorkLimit();  // after this `beyond` is not called any more

  private:
    void watch(std::chrono::nanoseconds end);

    std::function<void()> beyond_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool over_ = false;
    std::thread watcher_;
};

}  // namespace ourvidz::media
