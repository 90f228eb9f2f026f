// SHA-256 (FIPS 180-4) and HMAC with it (FIPS 198-1), by OpenSSL.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace ourvidz {

// `size` bytes as twice as many lower-case hex digits.
[[nodiscard]] std::string to_hex(const void* data, std::size_t size);

// The digest of bytes that come in pieces. One object belongs to one thread.
class Sha256 {
  public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;

    void update(std::string_view piece);
    // Call once, last: 64 lower-case hex digits.
    [[nodiscard]] std::string hex();

  private:
    struct Context;
    std::unique_ptr<Context> context_;
};

// The digest of `data` as 64 lower-case hex digits.
[[nodiscard]] std::string sha256_hex(std::string_view data);

// The HMAC-SHA256 of `text` under `key`: 32 raw bytes, as keys of further ones need them.
[[nodiscard]] std::string hmac_sha256(std::string_view key, std::string_view text);

}  // namespace ourvidz
