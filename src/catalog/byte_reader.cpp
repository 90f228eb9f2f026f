#include "catalog/byte_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <utility>

namespace ourvidz::catalog {
namespace {

static_assert(std::endian::native == std::endian::little, "model files are read in their own byte order");

constexpr std::size_t buffer_bytes = 1U << 16U;
constexpr int extents_max = 4096;

}  // namespace

Error bad_file(std::string detail) {
    return Error{ErrorCode::invalid_field, std::move(detail), "file"};
}

ByteReader::ByteReader(int file, std::uint64_t size, std::chrono::steady_clock::time_point deadline)
    : file_(file), size_(size), end_(size), deadline_(deadline) {}

ByteReader::ByteReader(ByteReader&& other) noexcept
    : file_(std::exchange(other.file_, -1)),
      size_(other.size_),
      end_(other.end_),
      position_(other.position_),
      buffer_at_(other.buffer_at_),
      buffer_(std::move(other.buffer_)),
      deadline_(other.deadline_) {}

ByteReader::~ByteReader() {
    if (file_ >= 0) close(file_);
}

Result<ByteReader> ByteReader::open(const std::filesystem::path& path, std::chrono::milliseconds limit) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0) {
        const auto code = errno == ENOENT ? ErrorCode::not_found : ErrorCode::unavailable;
        return Error{code, "The file cannot be opened: " + std::string(std::strerror(errno)) + ".", "file"};
    }
    ByteReader reader(file, 0, std::chrono::steady_clock::now() + limit);
    struct stat status {};
    if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) return bad_file("This is not a regular file.");
    reader.size_ = reader.end_ = static_cast<std::uint64_t>(status.st_size);
    return reader;
}

std::uint64_t ByteReader::stored_bytes() const {
    std::uint64_t stored = 0;
    off_t at = 0;
    for (int i = 0; i < extents_max; ++i) {
        const off_t data = lseek(file_, at, SEEK_DATA);
        if (data < 0)
            return errno == ENXIO ? stored : size_;  // a file system that cannot say: believe the size
        const off_t hole = lseek(file_, data, SEEK_HOLE);
        if (hole <= data) return size_;
        stored += static_cast<std::uint64_t>(hole - data);
        at = hole;
    }
    return size_;
}

Result<void> ByteReader::refill() {
    if (std::chrono::steady_clock::now() > deadline_) {
        return Error{ErrorCode::unavailable, "Reading the header took too long; is the disk busy?", "file"};
    }
    buffer_.resize(buffer_bytes);
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(buffer_bytes, end_ - position_));
    const ssize_t got = pread(file_, buffer_.data(), wanted, static_cast<off_t>(position_));
    if (got <= 0) return bad_file("The file cannot be read to its end.");
    buffer_.resize(static_cast<std::size_t>(got));
    buffer_at_ = position_;
    return {};
}

Result<void> ByteReader::bytes(void* out, std::size_t count) {
    if (count > end_ - std::min(position_, end_))
        return bad_file("The file is cut off: its header goes on past its end.");
    auto* to = static_cast<char*>(out);
    while (count > 0) {
        if (position_ < buffer_at_ || position_ >= buffer_at_ + buffer_.size()) OURVIDZ_CHECK(refill());
        const auto offset = static_cast<std::size_t>(position_ - buffer_at_);
        const std::size_t here = std::min(count, buffer_.size() - offset);
        std::memcpy(to, buffer_.data() + offset, here);
        to += here;
        count -= here;
        position_ += here;
    }
    return {};
}

Result<void> ByteReader::skip(std::uint64_t count) {
    if (count > end_ - std::min(position_, end_))
        return bad_file("The file is cut off: its header goes on past its end.");
    position_ += count;
    return {};
}

}  // namespace ourvidz::catalog
