// Which files the database names: those of assets, and those of purged assets that are removed next
// (assets/purge.h), which are nobody's business meanwhile. All calls block.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "db/database.h"

namespace ourvidz::store {

// The keys of some of them, at most `most`, from all over.
[[nodiscard]] Result<std::vector<std::string>> named_files(db::Database& database, std::size_t most);
[[nodiscard]] Result<std::uint64_t> named_count(db::Database& database);
// Of these keys, those that it names, or does not name.
[[nodiscard]] Result<std::vector<std::string>> named_of(db::Database& database,
                                                        const std::vector<std::string>& keys);
[[nodiscard]] Result<std::vector<std::string>> unnamed_of(db::Database& database,
                                                          const std::vector<std::string>& keys);

}  // namespace ourvidz::store
