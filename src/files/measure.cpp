#include "files/measure.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "base/id.h"
#include "base/sha256.h"

namespace ourvidz::files {
namespace {

constexpr int key_bytes = 16;
constexpr std::size_t block_bytes = 1 << 16;

}  // namespace

Error disk_error(const std::string& what) {
    if (errno == ENOSPC || errno == EDQUOT) {
        return Error{ErrorCode::unavailable,
                     what + " failed: the disk is full. Free some space and try again.", ""};
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
    Sha256 sum;
    Measured measured;
    std::vector<char> block(block_bytes);
    for (;;) {
        const ssize_t got = ::read(opened.get(), block.data(), block.size());
        if (got < 0) return disk_error("Reading an incoming file");
        if (got == 0) break;
        sum.update({block.data(), static_cast<std::size_t>(got)});
        measured.bytes += static_cast<std::uint64_t>(got);
    }
    measured.sha256 = sum.hex();
    if (sync && fdatasync(opened.get()) != 0) return disk_error("Saving a file");
    return measured;
}

}  // namespace ourvidz::files
