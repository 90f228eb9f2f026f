#include "base/id.h"

#include <sys/random.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "base/sha256.h"

namespace ourvidz {
namespace {

constexpr std::string_view crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr int time_characters = 10;
constexpr int random_characters = 16;

void fill_random(void* data, std::size_t size) {
    auto* out = static_cast<std::uint8_t*>(data);
    while (size > 0) {
        const ssize_t got = getrandom(out, size, 0);
        if (got <= 0) std::abort();  // the kernel always has randomness after boot
        out += got;
        size -= static_cast<std::size_t>(got);
    }
}

}  // namespace

std::string new_id(std::string_view prefix, const Clock& clock) {
    std::string id;
    id.reserve(prefix.size() + 1 + time_characters + random_characters);
    id.append(prefix).push_back('_');
    const auto ms = static_cast<std::uint64_t>(clock.now_ms());
    for (int i = time_characters - 1; i >= 0; --i) id += crockford[(ms >> (5 * i)) & 31];
    std::array<std::uint8_t, random_characters> noise{};
    fill_random(noise.data(), noise.size());
    for (const auto byte : noise) id += crockford[byte & 31];
    return id;
}

bool is_id(std::string_view text, std::string_view prefix) {
    if (text.size() != prefix.size() + 1 + time_characters + random_characters) return false;
    if (!text.starts_with(prefix) || text[prefix.size()] != '_') return false;
    return text.substr(prefix.size() + 1).find_first_not_of(crockford) == std::string_view::npos;
}

std::string random_hex(int bytes) {
    std::vector<std::uint8_t> noise(static_cast<std::size_t>(bytes));
    fill_random(noise.data(), noise.size());
    return to_hex(noise.data(), noise.size());
}

}  // namespace ourvidz
