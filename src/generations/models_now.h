// The catalogue as it is now, for those who may not wait for a disk: the I/O thread and the database's.
#pragma once

#include <memory>

#include "catalog/live_catalog.h"
#include "http/limited_pool.h"

namespace ourvidz::generations {

class ModelsNow {
  public:
    // Both must outlive it.
    ModelsNow(const catalog::LiveCatalog& catalog, http::LimitedPool& lookers)
        : catalog_(catalog), lookers_(lookers) {}

    // Looks at the model folders on one of the lookers. Errors: unavailable where too much waits for them.
    [[nodiscard]] boost::asio::awaitable<Result<std::shared_ptr<const catalog::Catalog>>> ask() const {
        auto look = [this]() -> Result<std::shared_ptr<const catalog::Catalog>> { return catalog_.now(); };
        auto models = co_await lookers_.run(std::move(look));
        co_return models;
    }

  private:
    const catalog::LiveCatalog& catalog_;
    http::LimitedPool& lookers_;
};

}  // namespace ourvidz::generations
