#include "install_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "base/id.h"

namespace ourvidz::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t piece_bytes = 4U << 20U;

Error broken(const std::string& what) {
    return Error{ErrorCode::unavailable, what + ": " + std::strerror(errno) + ".", ""};
}

class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const { return number_; }

  private:
    int number_;
};

Result<void> write_all(int file, const char* data, std::size_t bytes) {
    while (bytes > 0) {
        const ssize_t written = write(file, data, bytes);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return broken("The copy cannot be written");
        data += written;
        bytes -= static_cast<std::size_t>(written);
    }
    return {};
}

Result<void> copy_bytes(const fs::path& from, const fs::path& to,
                        const std::function<bool(std::uint64_t, std::uint64_t)>& progress) {
    const Descriptor input(open(from.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat status {};
    if (input.get() < 0 || fstat(input.get(), &status) != 0) return broken(from.string() + " cannot be read");
    const auto total = static_cast<std::uint64_t>(status.st_size);
    const Descriptor output(open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    if (output.get() < 0) return broken(to.string() + " cannot be written");
    std::vector<char> piece(piece_bytes);
    std::uint64_t done = 0;
    while (true) {
        const ssize_t got = read(input.get(), piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return broken(from.string() + " cannot be read");
        if (got == 0) break;
        OURVIDZ_CHECK(write_all(output.get(), piece.data(), static_cast<std::size_t>(got)));
        done += static_cast<std::uint64_t>(got);
        if (progress && !progress(done, total)) return Error{ErrorCode::canceled, "Canceled.", ""};
    }
    if (done != total) return Error{ErrorCode::conflict, "The file changed while it was copied.", ""};
    if (fsync(output.get()) != 0) return broken("The copy cannot be written");
    return {};
}

}  // namespace

Result<void> install_file(const fs::path& from, const fs::path& to,
                          const std::function<bool(std::uint64_t, std::uint64_t)>& progress) {
    std::error_code failure;
    fs::create_directories(to.parent_path(), failure);
    if (failure)
        return Error{ErrorCode::unavailable, to.parent_path().string() + ": " + failure.message(), ""};
    // A link names the same bytes, so a symbolic link must be followed to what it means.
    const auto real = fs::canonical(from, failure);
    if (failure) return Error{ErrorCode::not_found, from.string() + ": " + failure.message(), ""};
    if (link(real.c_str(), to.c_str()) == 0) return {};
    if (errno == EEXIST) return Error{ErrorCode::conflict, to.string() + " is there already.", ""};
    const auto space = fs::space(to.parent_path(), failure);
    if (!failure && space.available < fs::file_size(real) + spare_bytes) {
        return Error{ErrorCode::unavailable,
                     "There is not enough space on the disk of " + to.parent_path().string() + ".", ""};
    }
    const fs::path partial =
        to.parent_path() / ("." + to.filename().string() + "." + random_hex(4) + ".partial");
    auto copied = copy_bytes(real, partial, progress);
    if (copied && renameat2(AT_FDCWD, partial.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) != 0) {
        copied = broken(to.string() + " cannot be made");
    }
    if (!copied) {
        unlink(partial.c_str());
        return copied;
    }
    const Descriptor folder(open(to.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    fsync(folder.get());
    return {};
}

}  // namespace ourvidz::cli
