#include "files/measure.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

#include "base/id.h"

namespace ourvidz::files {
namespace {

constexpr int key_bytes = 16;
constexpr std::size_t block_bytes = 1 << 16;

}  // namespace

Error disk_error(const std::string& what) {
    if (errno == ENOSPC || errno == EDQUOT) {
        return Error{ErrorCode::unavailable,
                     "The disk is full, so " + what + " failed. Free some space and try again.", ""};
    }
    return Error{ErrorCode::unavailable, what + " failed: " + std::strerror(errno), ""};
}

Descriptor::~Descriptor() {
    if (number_ >= 0) ::close(number_);
}

std::string new_key() {
    return random_hex(key_bytes);
}

bool is_key(std::string_view key) {
    return key.size() == std::size_t{2} * key_bytes &&
           key.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Result<Measured> measure(const std::filesystem::path& file, bool sync) {
    const Descriptor opened(::open(file.c_str(), (sync ? O_RDWR : O_RDONLY) | O_CLOEXEC));
    if (opened.get() < 0) return disk_error("Reading an incoming file");
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    if (!digest || EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr) != 1) {
        return Error{ErrorCode::internal, "SHA-256 is not available.", ""};
    }
    Measured measured;
    std::vector<char> block(block_bytes);
    for (;;) {
        const ssize_t got = ::read(opened.get(), block.data(), block.size());
        if (got < 0) return disk_error("Reading an incoming file");
        if (got == 0) break;
        EVP_DigestUpdate(digest.get(), block.data(), static_cast<std::size_t>(got));
        measured.bytes += static_cast<std::uint64_t>(got);
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
    unsigned int size = 0;
    EVP_DigestFinal_ex(digest.get(), sum.data(), &size);
    constexpr std::string_view digits = "0123456789abcdef";
    for (unsigned int i = 0; i < size; ++i) {
        measured.sha256 += digits[sum[i] >> 4];
        measured.sha256 += digits[sum[i] & 15];
    }
    if (sync && fdatasync(opened.get()) != 0) return disk_error("Saving a file");
    return measured;
}

}  // namespace ourvidz::files
