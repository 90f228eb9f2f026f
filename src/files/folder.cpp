// The embedded file store: a folder, two letters of the key per level so that no folder grows huge.
//   objects/ab/abcdef…   finished files
//   incoming/            files on their way in, emptied at start
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/id.h"
#include "base/sha256.h"
#include "files/file_store.h"

namespace ourvidz::files {
namespace {

constexpr int key_bytes = 16;
constexpr std::size_t block_bytes = 1 << 16;

Error disk_error(const std::string& what) {
    if (errno == ENOSPC || errno == EDQUOT) {
        return Error{ErrorCode::unavailable,
                     "The disk is full, so " + what + " failed. Free some space and try again.", ""};
    }
    return Error{ErrorCode::unavailable, what + " failed: " + std::strerror(errno), ""};
}

class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const { return number_; }

  private:
    int number_;
};

Result<void> sync_folder(const std::filesystem::path& folder) {
    const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened.get() < 0 || fsync(opened.get()) != 0) return disk_error("Saving a folder");
    return {};
}

struct Measured {
    std::uint64_t bytes = 0;
    std::string sha256;
};

// Reads the file once for its hash, and makes its content durable.
Result<Measured> hash_and_sync(const std::filesystem::path& file) {
    const Descriptor opened(::open(file.c_str(), O_RDWR | O_CLOEXEC));
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
    if (fdatasync(opened.get()) != 0) return disk_error("Saving a file");
    return measured;
}

class FolderStore final : public FileStore {
  public:
    explicit FolderStore(std::filesystem::path root) : root_(std::move(root)) {}

    Result<StoredFile> adopt(const std::filesystem::path& source) override {
        OURVIDZ_TRY(measured, hash_and_sync(source));
        const auto key = random_hex(key_bytes);
        const auto target = path_of(key);
        std::error_code failure;
        const bool new_folder = std::filesystem::create_directory(target.parent_path(), failure);
        if (failure) return disk_error("Making a folder");
        if (::rename(source.c_str(), target.c_str()) != 0) return disk_error("Saving a file");
        OURVIDZ_CHECK(sync_folder(target.parent_path()));
        if (new_folder) OURVIDZ_CHECK(sync_folder(root_ / "objects"));
        return StoredFile{key, measured.bytes, measured.sha256};
    }

    Result<std::filesystem::path> local_path(std::string_view key) const override {
        if (!is_key(key)) return Error{ErrorCode::not_found, "There is no such file.", ""};
        auto path = path_of(key);
        if (!std::filesystem::exists(path)) return Error{ErrorCode::not_found, "The file is not there.", ""};
        return path;
    }

    Result<void> remove(std::string_view key) override {
        if (!is_key(key)) return {};
        std::error_code failure;
        std::filesystem::remove(path_of(key), failure);
        if (failure) return Error{ErrorCode::unavailable, "Removing a file failed: " + failure.message(), ""};
        return {};
    }

    Result<std::vector<std::string>> list(std::int64_t older_than_ms) const override {
        std::vector<std::string> keys;
        std::error_code failure;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(root_ / "objects", failure)) {
            struct stat status {};
            if (::stat(entry.path().c_str(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
            // The inode change time is when it was renamed into place, by the machine's own clock.
            const std::int64_t changed_ms = status.st_ctim.tv_sec * 1000 + status.st_ctim.tv_nsec / 1'000'000;
            if (changed_ms < older_than_ms) keys.push_back(entry.path().filename().string());
        }
        if (failure) return Error{ErrorCode::unavailable, "Listing files failed: " + failure.message(), ""};
        return keys;
    }

    std::filesystem::path incoming_folder() const override { return root_ / "incoming"; }

    std::uint64_t bytes_free() const override {
        std::error_code failure;
        const auto space = std::filesystem::space(root_, failure);
        return failure ? 0 : space.available;
    }

  private:
    static bool is_key(std::string_view key) {
        return key.size() == std::size_t{2} * key_bytes &&
               key.find_first_not_of("0123456789abcdef") == std::string_view::npos;
    }
    std::filesystem::path path_of(std::string_view key) const {
        return root_ / "objects" / key.substr(0, 2) / key;
    }

    std::filesystem::path root_;
};

}  // namespace

Result<std::unique_ptr<FileStore>> open_folder(const std::filesystem::path& root) {
    std::error_code failure;
    // What was on its way in when the last process died belongs to nothing.
    std::filesystem::remove_all(root / "incoming", failure);
    for (const auto* part : {"objects", "incoming"}) {
        std::filesystem::create_directories(root / part, failure);
        if (failure) {
            return Error{ErrorCode::unavailable, "The file folder is not writable: " + failure.message(), ""};
        }
    }
    return std::unique_ptr<FileStore>(std::make_unique<FolderStore>(root));
}

}  // namespace ourvidz::files
