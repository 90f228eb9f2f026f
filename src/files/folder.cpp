// The embedded file store: a folder, two letters of the key per level so that no folder grows huge.
//   objects/ab/abcdef…     finished files
//   objects/trash/abcdef…  files that were discarded
//   objects/incoming/…     files on their way in: inside objects, so that naming them is a rename within one
//                          file system, also where objects is a link to another disk
//   store.json             the note
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/disk_room.h"
#include "base/id.h"
#include "files/file_store.h"
#include "files/incoming.h"
#include "files/measure.h"

namespace ourvidz::files {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view digits = "0123456789abcdef";
constexpr const char* trash_name = "trash";
constexpr std::string_view trial = "The studio tries out whether files can be kept here.";

Result<void> sync_folder(const fs::path& folder) {
    const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened.get() < 0 || fsync(opened.get()) != 0) return disk_error("Saving a folder");
    return {};
}

Result<void> make_folders(const fs::path& objects) {
    std::error_code failure;
    fs::create_directory(objects / trash_name, failure);
    for (const char first : digits) {
        for (const char second : digits) {
            if (!failure) fs::create_directory(objects / std::string{first, second}, failure);
        }
    }
    if (failure)
        return Error{ErrorCode::unavailable, "Making a folder for files failed: " + failure.message(), ""};
    OURVIDZ_CHECK(sync_folder(objects));
    return sync_folder(objects.parent_path());
}

Result<void> write_new(const fs::path& file, std::string_view text) {
    const Descriptor out(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (out.get() < 0) return disk_error("Writing " + file.string());
    const ssize_t taken = ::write(out.get(), text.data(), text.size());
    if (taken == static_cast<ssize_t>(text.size()) && fdatasync(out.get()) == 0) return {};
    if (taken >= 0 && taken != static_cast<ssize_t>(text.size())) errno = ENOSPC;
    const auto failure = disk_error("Writing " + file.string());
    ::unlink(file.c_str());
    return failure;
}

Result<std::string> read_part(const fs::path& file, std::uint64_t offset, std::size_t length) {
    const Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (opened.get() < 0 && errno == ENOENT) return Error{ErrorCode::not_found, "The file is not there.", ""};
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

// Calls `take(name, status)` for each regular file in the folder.
template <class Take>
Result<void> for_each_file(const fs::path& folder, Take take) {
    std::error_code failure;
    auto walk = fs::directory_iterator(folder, failure);
    for (; !failure && walk != fs::directory_iterator(); walk.increment(failure)) {
        struct stat status {};
        if (::stat(walk->path().c_str(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
        take(walk->path().filename().string(), status);
    }
    if (failure) return Error{ErrorCode::unavailable, "Listing files failed: " + failure.message(), ""};
    return {};
}

// The inode change time is when it was renamed into place, by the machine's own clock.
std::int64_t changed_ms(const struct stat& status) {
    return status.st_ctim.tv_sec * 1000 + status.st_ctim.tv_nsec / 1'000'000;
}

class FolderStore final : public FileStore {
  public:
    FolderStore(fs::path root, std::unique_ptr<Incoming> incoming)
        : root_(std::move(root)), incoming_(std::move(incoming)) {}

    Result<StoredFile> adopt(const fs::path& source) override {
        OURVIDZ_CHECK(require_room(incoming_->folder(), room_for_files, "the database"));
        return take(source);
    }

    Result<std::optional<fs::path>> local_path(std::string_view key) const override {
        OURVIDZ_TRY(path, existing(key));
        return std::optional(std::move(path));
    }

    Result<std::uint64_t> size(std::string_view key) const override {
        OURVIDZ_TRY(path, existing(key));
        std::error_code failure;
        const auto bytes = fs::file_size(path, failure);
        if (failure) return Error{ErrorCode::not_found, "The file is not there.", ""};
        return std::uint64_t{bytes};
    }

    Result<std::string> read(std::string_view key, std::uint64_t offset, std::size_t length) const override {
        OURVIDZ_TRY(path, existing(key));
        return read_part(path, offset, length);
    }

    std::optional<std::string> link(std::string_view /*key*/, const LinkOptions& /*options*/) const override {
        return std::nullopt;
    }

    Result<void> remove(std::string_view key) override {
        if (!is_key(key)) return {};
        return remove_file(path_of(key));
    }

    Result<std::vector<std::string>> list(std::int64_t older_than_ms) const override {
        std::vector<std::string> keys;
        const auto take = [&](const std::string& name, const struct stat& status) {
            if (changed_ms(status) < older_than_ms) keys.push_back(name);
        };
        for (const char first : digits) {
            for (const char second : digits)
                OURVIDZ_CHECK(for_each_file(root_ / "objects" / std::string{first, second}, take));
        }
        return keys;
    }

    Result<void> discard(std::string_view key) override {
        OURVIDZ_TRY(path, existing(key));
        return move(path, trash_path(key));
    }

    Result<void> bring_back(std::string_view key) override {
        if (!is_key(key) || !fs::exists(trash_path(key)))
            return Error{ErrorCode::not_found, "The file is not in the trash.", ""};
        return move(trash_path(key), path_of(key));
    }

    Result<std::vector<DiscardedFile>> discarded() const override {
        std::vector<DiscardedFile> files;
        OURVIDZ_CHECK(
            for_each_file(root_ / "objects" / trash_name, [&](std::string name, const struct stat& status) {
                files.push_back(
                    {std::move(name), changed_ms(status), static_cast<std::uint64_t>(status.st_size)});
            }));
        return files;
    }

    Result<std::string> read_discarded(std::string_view key, std::uint64_t offset,
                                       std::size_t length) const override {
        if (!is_key(key)) return Error{ErrorCode::not_found, "There is no such file.", ""};
        return read_part(trash_path(key), offset, length);
    }

    Result<void> remove_discarded(std::string_view key) override {
        if (!is_key(key)) return {};
        return remove_file(trash_path(key));
    }

    Result<std::optional<std::string>> note() const override {
        auto text = read_part(root_ / note_name, 0, note_bytes_max);
        if (text.ok()) return std::optional(std::move(*text));
        if (text.error().code == ErrorCode::not_found) return std::optional<std::string>();
        return text.error();
    }

    Result<void> set_note(std::string_view text) override {
        const auto temporary = root_ / (std::string(note_name) + "." + random_hex(4));
        OURVIDZ_CHECK(write_new(temporary, text));
        auto moved = move(temporary, root_ / note_name);
        if (!moved.ok()) ::unlink(temporary.c_str());
        return moved;
    }

    Result<void> set_first_note(std::string_view text) override {
        const auto temporary = root_ / (std::string(note_name) + "." + random_hex(4));
        OURVIDZ_CHECK(write_new(temporary, text));
        // A second name, because that fails where there is one, and the note is never there in part.
        const int linked = ::link(temporary.c_str(), (root_ / note_name).c_str());
        const auto failure = linked == 0 ? Error{} : link_error(errno);
        ::unlink(temporary.c_str());
        if (linked != 0) return failure;
        return sync_folder(root_);
    }

    Result<void> try_out() override {
        const auto file = incoming_->folder() / "trial";
        OURVIDZ_CHECK(write_new(file, trial));
        const auto taken = take(file);  // also of a full disk: it must be possible to start and clear up
        if (!taken.ok()) {
            ::unlink(file.c_str());
            return taken.error();
        }
        const auto content = read(taken->key, 0, trial.size());
        OURVIDZ_CHECK(remove(taken->key));
        if (content.ok() && *content != trial)
            return Error{ErrorCode::unavailable, "The file folder does not keep what is written.", ""};
        return content.ok() ? Result<void>() : Result<void>(content.error());
    }

    Result<void> tidy(std::int64_t /*older_than_ms*/) override { return {}; }

    fs::path incoming_folder() const override { return incoming_->folder(); }

    std::uint64_t bytes_free() const override {
        std::error_code failure;
        const auto space = fs::space(incoming_->folder(), failure);
        return failure ? 0 : space.available;
    }

  private:
    static constexpr std::size_t note_bytes_max = 4096;

    static Error link_error(int number) {
        if (number == EEXIST) return Error{ErrorCode::conflict, "There is a note already.", ""};
        errno = number;
        return disk_error("Saving the files' identity");
    }
    Result<StoredFile> take(const fs::path& source) {
        OURVIDZ_TRY(measured, measure(source, true));
        const auto key = new_key();
        OURVIDZ_CHECK(move(source, path_of(key)));
        return StoredFile{key, measured.bytes, measured.sha256};
    }
    static Result<void> move(const fs::path& from, const fs::path& to) {
        if (::rename(from.c_str(), to.c_str()) != 0) return disk_error("Saving " + to.string());
        return sync_folder(to.parent_path());
    }
    static Result<void> remove_file(const fs::path& file) {
        std::error_code failure;
        fs::remove(file, failure);
        if (failure) return Error{ErrorCode::unavailable, "Removing a file failed: " + failure.message(), ""};
        return {};
    }
    Result<fs::path> existing(std::string_view key) const {
        if (!is_key(key)) return Error{ErrorCode::not_found, "There is no such file.", ""};
        auto path = path_of(key);
        if (!fs::exists(path)) return Error{ErrorCode::not_found, "The file is not there.", ""};
        return path;
    }
    fs::path path_of(std::string_view key) const { return root_ / place_in_folder(key); }
    fs::path trash_path(std::string_view key) const { return root_ / "objects" / trash_name / key; }

    fs::path root_;
    std::unique_ptr<Incoming> incoming_;
};

}  // namespace

fs::path place_in_folder(std::string_view key) {
    return fs::path("objects") / key.substr(0, 2) / key;
}

Result<std::shared_ptr<const Descriptor>> lock_folder(const fs::path& root) {
    const auto objects = root / "objects";
    auto lock =
        std::make_shared<const Descriptor>(::open(objects.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (lock->get() < 0) return disk_error("Opening " + objects.string());
    if (flock(lock->get(), LOCK_EX | LOCK_NB) != 0)
        return Error{ErrorCode::unavailable,
                     "Another OurVidz server already uses the files in " + objects.string() + ".", ""};
    return lock;
}

Result<std::unique_ptr<FileStore>> open_folder(const fs::path& root) {
    std::error_code failure;
    if (fs::exists(root / note_name, failure) && !fs::exists(root / "objects", failure)) {
        return Error{ErrorCode::conflict,
                     "The files are gone: " + (root / "objects").string() + " is not there, though " +
                         note_name +
                         " beside it is. Put the folder back, or mount its disk, and start again. Nothing "
                         "was changed.",
                     ""};
    }
    fs::create_directories(root / "objects", failure);
    if (failure) {
        return Error{ErrorCode::unavailable, "The file folder is not writable: " + failure.message(), ""};
    }
    // All of them now, so that no file is ever saved into one that a power cut takes back.
    OURVIDZ_CHECK(make_folders(root / "objects"));
    OURVIDZ_TRY(incoming, Incoming::open(root / "objects" / "incoming"));
    // Where versions until 0.1 had them.
    fs::remove_all(root / "incoming", failure);
    return std::unique_ptr<FileStore>(std::make_unique<FolderStore>(root, std::move(incoming)));
}

}  // namespace ourvidz::files
