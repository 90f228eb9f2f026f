// The embedded file store: a folder, two letters of the key per level so that no folder grows huge.
//   objects/ab/abcdef…   finished files
//   incoming/            files on their way in, emptied at start
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/id.h"
#include "files/file_store.h"
#include "files/measure.h"

namespace ourvidz::files {
namespace {

Result<void> sync_folder(const std::filesystem::path& folder) {
#ifdef OURVIDZ_CONTROL_NO_FSYNC
    (void)folder;
#else
    const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened.get() < 0 || fsync(opened.get()) != 0) return disk_error("Saving a folder");
#endif
    return {};
}

Result<void> make_folders(const std::filesystem::path& objects) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::error_code failure;
    for (const char first : digits) {
        for (const char second : digits) {
            std::filesystem::create_directory(objects / std::string{first, second}, failure);
            if (failure) return disk_error("Making a folder");
        }
    }
    OURVIDZ_CHECK(sync_folder(objects));
    return sync_folder(objects.parent_path());
}

class FolderStore final : public FileStore {
  public:
    explicit FolderStore(std::filesystem::path root) : root_(std::move(root)) {}

    Result<StoredFile> adopt(const std::filesystem::path& source) override {
        OURVIDZ_TRY(measured, measure(source, true));
        const auto key = new_key();
        const auto target = path_of(key);
        if (::rename(source.c_str(), target.c_str()) != 0) return disk_error("Saving a file");
        OURVIDZ_CHECK(sync_folder(target.parent_path()));
        return StoredFile{key, measured.bytes, measured.sha256};
    }

    Result<std::optional<std::filesystem::path>> local_path(std::string_view key) const override {
        OURVIDZ_TRY(path, existing(key));
        return std::optional(std::move(path));
    }

    Result<std::uint64_t> size(std::string_view key) const override {
        OURVIDZ_TRY(path, existing(key));
        std::error_code failure;
        const auto bytes = std::filesystem::file_size(path, failure);
        if (failure) return Error{ErrorCode::not_found, "The file is not there.", ""};
        return std::uint64_t{bytes};
    }

    Result<std::string> read(std::string_view key, std::uint64_t offset, std::size_t length) const override {
        OURVIDZ_TRY(path, existing(key));
        const Descriptor opened(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
        if (opened.get() < 0) return disk_error("Reading a file");
        std::string bytes(length, '\0');
        std::size_t got = 0;
        while (got < length) {
            const ssize_t more =
                ::pread(opened.get(), bytes.data() + got, length - got, static_cast<off_t>(offset + got));
            if (more < 0) return disk_error("Reading a file");
            if (more == 0) break;
            got += static_cast<std::size_t>(more);
        }
        bytes.resize(got);
        return bytes;
    }

    std::optional<std::string> link(std::string_view /*key*/, const LinkOptions& /*options*/) const override {
        return std::nullopt;
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
    Result<std::filesystem::path> existing(std::string_view key) const {
        if (!is_key(key)) return Error{ErrorCode::not_found, "There is no such file.", ""};
        auto path = path_of(key);
        if (!std::filesystem::exists(path)) return Error{ErrorCode::not_found, "The file is not there.", ""};
        return path;
    }
    std::filesystem::path path_of(std::string_view key) const { return root_ / place_in_folder(key); }

    std::filesystem::path root_;
};

}  // namespace

std::filesystem::path place_in_folder(std::string_view key) {
    return std::filesystem::path("objects") / key.substr(0, 2) / key;
}

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
    // All of them now, so that no file is ever saved into one that a power cut takes back.
    OURVIDZ_CHECK(make_folders(root / "objects"));
    return std::unique_ptr<FileStore>(std::make_unique<FolderStore>(root));
}

}  // namespace ourvidz::files
