// How a job that runs is stopped, and why. Shared by the job's thread, its heartbeat and its reporter.
#pragma once

#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

#include "base/result.h"

namespace ourvidz::node {

enum class StopReason {
    none,
    canceled,  // the user does not want it any more
    refused,   // the gate said no to what the engine makes; `error` has its sentence
    shutdown,  // this node ends: the job goes back to the queue
    lost,      // the lease is gone: nothing that this attempt says counts any more
};

// Thread-safe.
class JobControl {
  public:
    // The first reason counts, except that `lost` overrides: then there is nobody to report to.
    void stop(StopReason reason, std::optional<Error> error = std::nullopt) {
        {
            std::lock_guard lock(mutex_);
            if (reason_ == StopReason::none || reason == StopReason::lost) {
                reason_ = reason;
                error_ = std::move(error);
            }
        }
        run_.request_stop();
        if (reason == StopReason::lost || reason == StopReason::shutdown) delivery_.request_stop();
    }

    [[nodiscard]] StopReason reason() const {
        std::lock_guard lock(mutex_);
        return reason_;
    }
    [[nodiscard]] std::optional<Error> error() const {
        std::lock_guard lock(mutex_);
        return error_;
    }
    // Ends the engine's work.
    [[nodiscard]] std::stop_token run() const { return run_.get_token(); }
    // Ends waiting for the server with results in hand.
    [[nodiscard]] std::stop_token delivery() const { return delivery_.get_token(); }

  private:
    mutable std::mutex mutex_;
    StopReason reason_ = StopReason::none;
    std::optional<Error> error_;
    std::stop_source run_;
    std::stop_source delivery_;
};

}  // namespace ourvidz::node
