// How much of its disk the studio leaves free, so that it can be cleared up when the disk is full: files stop
// first, then new work; a start needs less than either leaves.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "base/result.h"

namespace ourvidz {

constexpr std::uint64_t room_for_files = 24ULL << 20U;  // bytes; with less, no file is taken
constexpr std::uint64_t room_for_work = 20ULL << 20U;   // no new work
constexpr std::uint64_t room_for_start = 16ULL << 20U;  // for the database's log and tokens; no start

// `kept_for`: what the last `bytes_min` of the folder's disk are for, as in "clearing up". A disk that does
// not say how much it has is not taken for a full one. Errors: unavailable when less is left.
[[nodiscard]] Result<void> require_room(const std::filesystem::path& folder, std::uint64_t bytes_min,
                                        std::string_view kept_for);

}  // namespace ourvidz
