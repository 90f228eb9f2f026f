#include "base/sha256.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cstdlib>

namespace ourvidz {

std::string to_hex(const void* data, std::size_t size) {
    constexpr std::string_view digits = "0123456789abcdef";
    const auto* bytes = static_cast<const unsigned char*>(data);
    std::string text;
    text.reserve(size * 2);
    for (std::size_t i = 0; i < size; ++i) {
        text += digits[bytes[i] >> 4U];
        text += digits[bytes[i] & 15U];
    }
    return text;
}

struct Sha256::Context {
    EVP_MD_CTX* digest = EVP_MD_CTX_new();

    Context() = default;
    ~Context() { EVP_MD_CTX_free(digest); }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;
};

// OpenSSL fails here only when it was built without SHA-256 or memory is gone; neither can be answered.
Sha256::Sha256() : context_(std::make_unique<Context>()) {
    if (EVP_DigestInit_ex(context_->digest, EVP_sha256(), nullptr) != 1) std::abort();
}

Sha256::~Sha256() = default;

void Sha256::update(std::string_view piece) {
    if (EVP_DigestUpdate(context_->digest, piece.data(), piece.size()) != 1) std::abort();
}

std::string Sha256::hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
    unsigned int size = 0;
    if (EVP_DigestFinal_ex(context_->digest, sum.data(), &size) != 1) std::abort();
    return to_hex(sum.data(), size);
}

std::string sha256_hex(std::string_view data) {
    Sha256 sum;
    sum.update(data);
    return sum.hex();
}

std::string hmac_sha256(std::string_view key, std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
    unsigned int size = 0;
    if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(text.data()), text.size(), sum.data(), &size) == nullptr)
        std::abort();
    return {reinterpret_cast<const char*>(sum.data()), size};
}

}  // namespace ourvidz
