#include "backup/copying.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

#include "base/sha256.h"
#include "files/measure.h"

namespace ourvidz::backup {
namespace {

namespace fs = std::filesystem;
using files::Descriptor;
using files::disk_error;

constexpr std::size_t piece_bytes = 1U << 20U;
// Left over for everybody else on the disk.
constexpr std::uint64_t spare_bytes = 16U << 20U;
constexpr int owner_only = 0600;

Result<void> write_all(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t taken = ::write(file, bytes.data(), bytes.size());
        if (taken < 0 && errno == EINTR) continue;
        if (taken < 0) return disk_error("Writing a file");
        bytes.remove_prefix(static_cast<std::size_t>(taken));
    }
    return {};
}

Result<void> make_parent(const fs::path& file) {
    std::error_code failure;
    fs::create_directories(file.parent_path(), failure);
    if (failure)
        return Error{ErrorCode::unavailable,
                     "Making the folder " + file.parent_path().string() + " failed: " + failure.message(),
                     ""};
    return {};
}

// Calls `use` with each piece of the file.
template <class Use>
Result<void> for_each_piece(const fs::path& file, bool from_disk, Use use) {
    const Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (opened.get() < 0 && errno == ENOENT)
        return Error{ErrorCode::not_found, "The file " + file.string() + " is not there.", ""};
    if (opened.get() < 0) return disk_error("Reading " + file.string());
    if (from_disk) ::posix_fadvise(opened.get(), 0, 0, POSIX_FADV_DONTNEED);
    std::vector<char> piece(piece_bytes);
    for (;;) {
        const ssize_t got = ::read(opened.get(), piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return disk_error("Reading " + file.string());
        if (got == 0) return {};
        OURVIDZ_CHECK(use(std::string_view(piece.data(), static_cast<std::size_t>(got))));
    }
}

}  // namespace

Result<std::string> copy_and_hash(const fs::path& from, const fs::path& to) {
    OURVIDZ_CHECK(make_parent(to));
    ::unlink(to.c_str());  // it may be a hard link of something that must not change
    const Descriptor out(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, owner_only));
    if (out.get() < 0) return disk_error("Writing " + to.string());
    Sha256 sum;
    const auto take = [&](std::string_view piece) {
        sum.update(piece);
        return write_all(out.get(), piece);
    };
    auto done = for_each_piece(from, false, take);
    if (done.ok() && fsync(out.get()) != 0) done = disk_error("Saving " + to.string());
    if (done.ok()) return sum.hex();
    ::unlink(to.c_str());
    return done.error();
}

Result<void> copy_durably(const fs::path& from, const fs::path& to) {
    OURVIDZ_TRY(digest, copy_and_hash(from, to));
    (void)digest;
    return {};
}

Result<void> link_file(const fs::path& from, const fs::path& to) {
    OURVIDZ_CHECK(make_parent(to));
    if (::link(from.c_str(), to.c_str()) == 0 || errno == EEXIST) return {};
    return copy_durably(from, to);
}

Result<std::string> hash_from_disk(const fs::path& file) {
    Sha256 sum;
    const auto take = [&](std::string_view piece) -> Result<void> {
        sum.update(piece);
        return {};
    };
    OURVIDZ_CHECK(for_each_piece(file, true, take));
    return sum.hex();
}

Result<void> write_durably(const fs::path& file, std::string_view text) {
    const auto temporary = file.string() + ".new";
    {
        const Descriptor out(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, owner_only));
        if (out.get() < 0) return disk_error("Writing " + file.string());
        OURVIDZ_CHECK(write_all(out.get(), text));
        if (fsync(out.get()) != 0) return disk_error("Saving " + file.string());
    }
    if (::rename(temporary.c_str(), file.c_str()) != 0) return disk_error("Saving " + file.string());
    return sync_folder(file.parent_path());
}

Result<void> sync_folder(const fs::path& folder) {
    const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened.get() < 0 || fsync(opened.get()) != 0)
        return disk_error("Saving the folder " + folder.string());
    return {};
}

Result<void> sync_folders(const fs::path& folder) {
    std::error_code failure;
    for (auto walk = fs::recursive_directory_iterator(folder, failure);
         !failure && walk != fs::recursive_directory_iterator(); walk.increment(failure)) {
        std::error_code ignored;
        if (walk->is_directory(ignored)) OURVIDZ_CHECK(sync_folder(walk->path()));
    }
    if (failure) return Error{ErrorCode::unavailable, "Reading a folder failed: " + failure.message(), ""};
    return sync_folder(folder);
}

Result<void> require_space(const fs::path& folder, std::uint64_t bytes) {
    std::error_code failure;
    const auto space = fs::space(folder, failure);
    if (failure || space.available >= bytes + spare_bytes) return {};
    const auto in_mb = [](std::uint64_t number) {
        return std::to_string((number + 999'999) / 1'000'000) + " MB";
    };
    return Error{ErrorCode::unavailable,
                 "There is not enough space in " + folder.string() + ": " + in_mb(bytes + spare_bytes) +
                     " are needed, " + in_mb(space.available) + " are free.",
                 ""};
}

}  // namespace ourvidz::backup
