// Numbers inside files of others. Every place is checked by the caller.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ourvidz::media {

enum class ByteOrder { big, little };

// `count` bytes from `at`, 1..4; they must be there.
[[nodiscard]] inline std::uint32_t number_at(std::string_view bytes, std::size_t at, std::size_t count,
                                             ByteOrder order) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const auto place = order == ByteOrder::big ? i : count - 1 - i;
        value = value << 8U | static_cast<unsigned char>(bytes[at + place]);
    }
    return value;
}

inline void append_number(std::string& out, std::uint32_t value, ByteOrder order) {
    for (unsigned i = 0; i < 4; ++i) {
        const unsigned shift = order == ByteOrder::big ? 24 - 8 * i : 8 * i;
        out.push_back(static_cast<char>(value >> shift & 0xFFU));
    }
}

}  // namespace ourvidz::media
