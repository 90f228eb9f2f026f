#include "generations/probe.h"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>

namespace ourvidz::generations {
namespace {

namespace asio = boost::asio;
using Steady = std::chrono::steady_clock;

constexpr std::chrono::milliseconds look_again{10};

}  // namespace

// Touched by those who ask and by what a probe posts back to their thread, nobody else.
struct Probe::State {
    std::optional<Answer> newest;
    Steady::time_point at;
    bool running = false;
};

Probe::Probe(std::function<Answer()> use) : use_(std::move(use)), state_(std::make_shared<State>()) {}

Probe::~Probe() {
    thread_.stop();
    thread_.join();
}

asio::awaitable<Probe::Answer> Probe::ask() {
    const auto executor = co_await asio::this_coro::executor;
    const auto state = state_;
    const auto is_fresh = [&state] { return state->newest && Steady::now() - state->at < probe_fresh; };
    if (!is_fresh() && !state->running) {
        state->running = true;
        asio::post(thread_, [use = use_, state, executor] {
            auto answer = use();
            asio::post(executor, [state, answer = std::move(answer)]() mutable {
                state->newest = std::move(answer);
                state->at = Steady::now();
                state->running = false;
            });
        });
    }
    const auto end = Steady::now() + probe_patience;
    asio::steady_timer timer(executor);
    while (!is_fresh() && Steady::now() < end) {
        timer.expires_after(look_again);
        co_await timer.async_wait(asio::use_awaitable);
    }
    if (!is_fresh()) co_return Error{ErrorCode::unavailable, "There was no answer within 3 seconds.", ""};
    co_return *state->newest;
}

}  // namespace ourvidz::generations
