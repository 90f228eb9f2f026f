// Work that blocks, on a pool of threads, for a coroutine that stays on its own executor all the while: also
// when it is canceled, so that nothing of it ever runs on one of the pool's threads. What the work throws
// reaches the coroutine.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace ourvidz::http {

template <class F>
boost::asio::awaitable<std::invoke_result_t<F&>> run_on(boost::asio::thread_pool& pool, F work) {
    namespace asio = boost::asio;
    using Answer = std::invoke_result_t<F&>;
    struct Pending {
        F work;
        std::optional<Answer> answer;
        std::exception_ptr failure;
    };
    const auto executor = co_await asio::this_coro::executor;
    auto pending = std::make_shared<Pending>(Pending{std::move(work), std::nullopt, nullptr});
    auto start = [&pool, executor, pending](auto handler) {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        asio::post(pool, [executor, pending, shared] {
            try {
                pending->answer.emplace(pending->work());
            } catch (...) {
                pending->failure = std::current_exception();
            }
            asio::post(executor, [shared] { std::move (*shared)(); });
        });
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(start, asio::use_awaitable);
    if (pending->failure) std::rethrow_exception(pending->failure);
    co_return std::move(*pending->answer);
}

}  // namespace ourvidz::http
