// What a store has to know of a file that it takes over.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace ourvidz::files {

struct Measured {
    std::uint64_t bytes = 0;
    std::string sha256;  // 64 lower-case hex digits
};

// Reads the file once. `sync` makes its content durable besides. Errors: unavailable.
[[nodiscard]] Result<Measured> measure(const std::filesystem::path& file, bool sync);

// The error of what has just failed, from errno; says so when the disk is full.
[[nodiscard]] Error disk_error(const std::string& what);

// A key that no file has, and whether a text could be one: 32 lower-case hex digits.
[[nodiscard]] std::string new_key();
[[nodiscard]] bool is_key(std::string_view key);

// A file descriptor that is closed with its owner.
class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor();
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const { return number_; }

  private:
    int number_;
};

}  // namespace ourvidz::files
