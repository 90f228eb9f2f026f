// Bounded, little-endian reading of an untrusted file through one small buffer.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <type_traits>
#include <vector>

#include "base/result.h"

namespace ourvidz::catalog {

[[nodiscard]] Error bad_file(std::string detail);

class ByteReader {
  public:
    // Opens a regular file only; devices, pipes and folders are refused without blocking.
    static Result<ByteReader> open(const std::filesystem::path& path, std::chrono::milliseconds limit);
    ~ByteReader();
    ByteReader(ByteReader&& other) noexcept;
    ByteReader& operator=(ByteReader&&) = delete;
    ByteReader(const ByteReader&) = delete;
    ByteReader& operator=(const ByteReader&) = delete;

    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] std::uint64_t position() const { return position_; }
    // Bytes that are really on the disk; holes of a sparse file do not count.
    [[nodiscard]] std::uint64_t stored_bytes() const;

    // Reading past this position fails. At most size().
    void set_end(std::uint64_t end) { end_ = std::min(end, size_); }

    [[nodiscard]] Result<void> bytes(void* out, std::size_t count);
    [[nodiscard]] Result<void> skip(std::uint64_t count);

    template <class Number>
    [[nodiscard]] Result<Number> number() {
        static_assert(std::is_arithmetic_v<Number>);
        Number value{};
        OURVIDZ_CHECK(bytes(&value, sizeof value));
        return value;
    }

  private:
    ByteReader(int file, std::uint64_t size, std::chrono::steady_clock::time_point deadline);
    [[nodiscard]] Result<void> refill();

    int file_ = -1;
    std::uint64_t size_ = 0;
    std::uint64_t end_ = 0;
    std::uint64_t position_ = 0;  // of the next byte that the caller gets
    std::uint64_t buffer_at_ = 0;
    std::vector<char> buffer_;
    std::chrono::steady_clock::time_point deadline_;
};

}  // namespace ourvidz::catalog
