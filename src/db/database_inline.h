// The templates of database.h; included by it alone.
#pragma once

#include <future>

namespace ourvidz::db {

// Holds a piece of work and its answer while a database thread has them.
template <class F>
struct PendingWork {
    using Answer = std::invoke_result_t<F&, Connection&>;

    explicit PendingWork(F given) : work(std::move(given)) {}

    Database::Work wrap(const std::shared_ptr<PendingWork>& self) {
        return [self](Connection& connection) -> Result<void> {
            self->answer.emplace(self->work(connection));
            if (!self->answer->ok()) return self->answer->error();
            return {};
        };
    }
    // The work's own answer counts only if the commit went through.
    Answer outcome(const Result<void>& committed) {
        if (!committed.ok()) return committed.error();
        return std::move(*answer);
    }

    F work;
    std::optional<Answer> answer;
};

template <class F>
auto Database::run(Scope scope, F work, Durability durability, bool writes)
    -> asio::awaitable<std::invoke_result_t<F&, Connection&>> {
    auto executor = co_await asio::this_coro::executor;
    auto pending = std::make_shared<PendingWork<F>>(std::move(work));
    auto start = [this, &scope, pending, durability, writes, executor](auto handler) {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        Done done = [shared, executor](Result<void> committed) {
            asio::post(executor, [shared, committed = std::move(committed)]() mutable {
                std::move (*shared)(std::move(committed));
            });
        };
        if (writes) {
            post_write(std::move(scope), pending->wrap(pending), durability, std::move(done));
        } else {
            post_read(std::move(scope), pending->wrap(pending), std::move(done));
        }
    };
    auto committed = co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Result<void>)>(
        start, asio::use_awaitable);
    co_return pending->outcome(committed);
}

template <class F>
auto Database::write_now(Scope scope, F work, Durability durability)
    -> std::invoke_result_t<F&, Connection&> {
    auto pending = std::make_shared<PendingWork<F>>(std::move(work));
    std::promise<Result<void>> committed;
    post_write(std::move(scope), pending->wrap(pending), durability,
               [&](Result<void> result) { committed.set_value(std::move(result)); });
    return pending->outcome(committed.get_future().get());
}

template <class F>
auto Database::read_now(Scope scope, F work) -> std::invoke_result_t<F&, Connection&> {
    auto pending = std::make_shared<PendingWork<F>>(std::move(work));
    std::promise<Result<void>> committed;
    post_read(std::move(scope), pending->wrap(pending),
              [&](Result<void> result) { committed.set_value(std::move(result)); });
    return pending->outcome(committed.get_future().get());
}

}  // namespace ourvidz::db
