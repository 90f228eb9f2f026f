#include "interrupt.h"

#include <unistd.h>

#include <utility>

#include "exit_status.h"

namespace ourvidz::cli {

Interrupt::Interrupt() {
    sigemptyset(&signals_);
    // SIGUSR1 ends the listening thread.
    for (const int signal : {SIGINT, SIGTERM, SIGUSR1}) sigaddset(&signals_, signal);
    pthread_sigmask(SIG_BLOCK, &signals_, &previous_);
    thread_ = std::thread([this] { listen(); });
}

Interrupt::~Interrupt() {
    pthread_kill(thread_.native_handle(), SIGUSR1);
    thread_.join();
    pthread_sigmask(SIG_SETMASK, &previous_, nullptr);
}

void Interrupt::listen() {
    int signal = 0;
    while (sigwait(&signals_, &signal) == 0 && signal != SIGUSR1) {
        if (requested_.exchange(true)) _exit(exit_canceled);
        const std::lock_guard lock(mutex_);
        changed_.notify_all();
        if (wake_) wake_();
    }
}

void Interrupt::on_request(std::function<void()> wake) {
    const std::lock_guard lock(mutex_);
    wake_ = std::move(wake);
    if (wake_ && requested_) wake_();
}

bool Interrupt::wait(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    return !changed_.wait_for(lock, time, [this] { return requested_.load(); });
}

}  // namespace ourvidz::cli
