// The file port: finished files under keys that never change. Embedded it is a folder (folder.cpp), for
// several servers a bucket of S3 (s3.cpp). All calls are thread-safe, and may block: keep them off the I/O
// thread, save local_path() and link().
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace ourvidz::files {

struct StoredFile {
    std::string key;  // chosen by the store; opaque
    std::uint64_t bytes = 0;
    std::string sha256;  // 64 lower-case hex digits
};

struct DiscardedFile {
    std::string key;
    std::int64_t since_ms = 0;  // Unix time at which it came into the trash
    std::uint64_t bytes = 0;
};

struct LinkOptions {
    std::chrono::seconds valid{300};
    std::string content_type;
    std::string content_disposition;  // may be empty
};

class FileStore {
  public:
    virtual ~FileStore() = default;

    // Takes over the file at `source` (it is gone afterwards) and makes it durable: on success it survives a
    // power cut. Nothing under a key is ever half-written. A folder leaves the last of its disk to the
    // database. Errors: unavailable (disk full or unwritable); then `source` stays the caller's.
    [[nodiscard]] virtual Result<StoredFile> adopt(const std::filesystem::path& source) = 0;
    // Where it lies on this machine; nothing if the store keeps its files elsewhere. Errors: not_found.
    [[nodiscard]] virtual Result<std::optional<std::filesystem::path>> local_path(
        std::string_view key) const = 0;
    // Errors: not_found, unavailable.
    [[nodiscard]] virtual Result<std::uint64_t> size(std::string_view key) const = 0;
    // `length` bytes from `offset` on, fewer at the end of the file. Errors: not_found, unavailable.
    [[nodiscard]] virtual Result<std::string> read(std::string_view key, std::uint64_t offset,
                                                   std::size_t length) const = 0;
    // Under which anybody can read it until it expires; nothing if the store cannot hand files out itself.
    [[nodiscard]] virtual std::optional<std::string> link(std::string_view key,
                                                          const LinkOptions& options) const = 0;
    // Removing what is not there is fine.
    [[nodiscard]] virtual Result<void> remove(std::string_view key) = 0;
    // Keys of files last changed before `older_than_ms` (Unix time), for the sweep of what belongs to
    // nothing.
    [[nodiscard]] virtual Result<std::vector<std::string>> list(std::int64_t older_than_ms) const = 0;

    // The trash: files that are no longer under their keys, and that can be put back there as they were.
    // Doing either again is fine. Errors: not_found, unavailable.
    [[nodiscard]] virtual Result<void> discard(std::string_view key) = 0;
    [[nodiscard]] virtual Result<void> bring_back(std::string_view key) = 0;
    [[nodiscard]] virtual Result<std::vector<DiscardedFile>> discarded() const = 0;
    // Errors: not_found, unavailable.
    [[nodiscard]] virtual Result<std::string> read_discarded(std::string_view key, std::uint64_t offset,
                                                             std::size_t length) const = 0;
    [[nodiscard]] virtual Result<void> remove_discarded(std::string_view key) = 0;

    // One short text that lies beside the files and is none of them: whose they are (store/identity.h).
    // Nothing if there is none. Errors: unavailable.
    [[nodiscard]] virtual Result<std::optional<std::string>> note() const = 0;
    [[nodiscard]] virtual Result<void> set_note(std::string_view text) = 0;
    // The same, if there is none yet. Errors: conflict when there is one, unavailable.
    [[nodiscard]] virtual Result<void> set_first_note(std::string_view text) = 0;

    // Takes a small file over, reads it back and removes it. Errors: unavailable with the reason.
    [[nodiscard]] virtual Result<void> try_out() = 0;
    // Removes what our own processes left half-done before `older_than_ms` when they were killed: trials, and
    // parts of uploads that were never completed. Never a finished file.
    [[nodiscard]] virtual Result<void> tidy(std::int64_t older_than_ms) = 0;

    // A folder of this machine for files on their way in. It belongs to this object alone; those of processes
    // that are no more are removed when a store is opened.
    [[nodiscard]] virtual std::filesystem::path incoming_folder() const = 0;
    // On this machine, where files on their way in are.
    [[nodiscard]] virtual std::uint64_t bytes_free() const = 0;
};

[[nodiscard]] Result<std::unique_ptr<FileStore>> open_folder(const std::filesystem::path& root);
// Held by the one server that works with such a folder, also through links to it. Errors: unavailable when
// another has it.
class Descriptor;
[[nodiscard]] Result<std::shared_ptr<const Descriptor>> lock_folder(const std::filesystem::path& root);
// Where a finished file lies below the root of such a folder, for backups. `key` as the store gave it.
[[nodiscard]] std::filesystem::path place_in_folder(std::string_view key);
// The name of the note below the root of such a folder, and of a bucket's prefix.
inline constexpr const char* note_name = "store.json";

struct S3Options {
    std::string url;  // https://host[:port]/bucket[/prefix]
    std::string region;
    std::string access_key;
    std::string secret_key;
    // link() answers links, so that downloads go to the bucket instead of through the server.
    bool links = false;
    int timeout_ms = 30'000;              // of one request
    int tries_max = 5;                    // of one request that the bucket's server fails or does not answer
    std::uint64_t part_bytes = 8U << 20;  // larger files go up in parts of this size; at least 5 MiB
};
// `folder` is for files on their way in. Makes sure that the bucket can be reached and written. Errors:
// unavailable, with what the bucket's server said.
[[nodiscard]] Result<std::unique_ptr<FileStore>> open_s3(S3Options options,
                                                         const std::filesystem::path& folder,
                                                         const Clock& clock);

}  // namespace ourvidz::files
