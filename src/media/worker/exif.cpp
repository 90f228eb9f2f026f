#include "media/worker/exif.h"

#include <algorithm>
#include <cstdint>

#include "media/worker/bytes.h"

namespace ourvidz::media {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t entry_bytes = 12;
constexpr std::uint32_t entries_max = 1024;
constexpr std::uint32_t orientation_tag = 0x0112;
constexpr std::uint32_t type_short = 3;

}  // namespace

int orientation_in(std::string_view block) {
    if (block.starts_with("Exif\0\0"sv)) block.remove_prefix(6);
    const bool is_little = block.starts_with("II*\0"sv);
    if (block.size() < 8 || !(is_little || block.starts_with("MM\0*"sv))) return 1;
    const auto order = is_little ? ByteOrder::little : ByteOrder::big;
    const std::size_t directory = number_at(block, 4, 4, order);
    if (directory + 2 > block.size()) return 1;
    const auto entries = std::min(number_at(block, directory, 2, order), entries_max);
    for (std::size_t i = 0; i < entries; ++i) {
        const auto entry = directory + 2 + i * entry_bytes;
        if (entry + entry_bytes > block.size()) return 1;
        if (number_at(block, entry, 2, order) != orientation_tag) continue;
        const auto value = number_at(block, entry + 8, 2, order);
        const bool is_known = number_at(block, entry + 2, 2, order) == type_short && value >= 1 && value <= 8;
        return is_known ? static_cast<int>(value) : 1;
    }
    return 1;
}

}  // namespace ourvidz::media
