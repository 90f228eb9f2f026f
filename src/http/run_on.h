// Work that blocks, on a pool of threads, for a coroutine that stays on its own executor all the while: also
// when it is canceled, so that nothing of it ever runs on one of the pool's threads.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
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
    };
    const auto executor = co_await asio::this_coro::executor;
    auto pending = std::make_shared<Pending>(Pending{std::move(work), std::nullopt});
    auto start = [&pool, executor, pending](auto handler) {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        asio::post(pool, [executor, pending, shared] {
            pending->answer.emplace(pending->work());
            asio::post(executor, [shared] { std::move (*shared)(); });
        });
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(start, asio::use_awaitable);
    co_return std::move(*pending->answer);
}

}  // namespace ourvidz::http
