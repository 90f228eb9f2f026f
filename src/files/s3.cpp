// Files in a bucket of S3. Nothing is named until it is whole there: a small file in one request, a larger
// one in parts that become an object when the last request completes them.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <mutex>
#include <random>
#include <thread>

#include "base/id.h"
#include "files/file_store.h"
#include "files/incoming.h"
#include "files/measure.h"
#include "files/s3_bucket.h"

namespace ourvidz::files {
namespace {

constexpr std::uint64_t part_bytes_min = 5U << 20;
// What the protocol allows.
constexpr std::uint64_t parts_max = 10'000;
constexpr int trial_ms_max = 2'000;

Result<std::string> read_part(int file, std::uint64_t offset, std::uint64_t length) {
    std::string bytes(length, '\0');
    std::size_t got = 0;
    while (got < length) {
        const ssize_t more =
            ::pread(file, bytes.data() + got, length - got, static_cast<off_t>(offset + got));
        if (more <= 0) return disk_error("Reading an incoming file");
        got += static_cast<std::size_t>(more);
    }
    return bytes;
}

class S3Store final : public FileStore {
  public:
    S3Store(S3Options options, std::unique_ptr<Incoming> incoming, const Clock& clock)
        : options_(options),
          incoming_(std::move(incoming)),
          impatient_(for_trials(options), clock),
          bucket_(std::move(options), clock) {}

    Result<StoredFile> adopt(const std::filesystem::path& source) override {
        OURVIDZ_TRY(measured, measure(source, false));
        const auto key = new_key();
        const Descriptor file(::open(source.c_str(), O_RDONLY | O_CLOEXEC));
        if (file.get() < 0) return disk_error("Reading an incoming file");
        OURVIDZ_CHECK(measured.bytes <= options_.part_bytes ? put_whole(key, file.get(), measured.bytes)
                                                            : put_parts(key, file.get(), measured.bytes));
        std::error_code ignored;
        std::filesystem::remove(source, ignored);
        return StoredFile{key, measured.bytes, measured.sha256};
    }

    Result<std::optional<std::filesystem::path>> local_path(std::string_view key) const override {
        if (!is_key(key)) return Error{ErrorCode::not_found, "There is no such file.", ""};
        return std::optional<std::filesystem::path>();
    }

    Result<std::uint64_t> size(std::string_view key) const override {
        if (!is_key(key)) return Error{ErrorCode::not_found, "There is no such file.", ""};
        return bucket_.size(key);
    }

    Result<std::string> read(std::string_view key, std::uint64_t offset, std::size_t length) const override {
        if (!is_key(key)) return Error{ErrorCode::not_found, "There is no such file.", ""};
        return bucket_.read(key, offset, length);
    }

    std::optional<std::string> link(std::string_view key, const LinkOptions& options) const override {
        if (!options_.links || !is_key(key)) return std::nullopt;
        return bucket_.link(key, options);
    }

    Result<void> remove(std::string_view key) override {
        if (!is_key(key)) return {};
        return bucket_.remove(key);
    }

    Result<std::vector<std::string>> list(std::int64_t older_than_ms) const override {
        OURVIDZ_TRY(objects, bucket_.list(""));
        std::vector<std::string> keys;
        for (auto& one : objects) {
            if (is_key(one.key) && one.changed_ms < older_than_ms) keys.push_back(std::move(one.key));
        }
        return keys;
    }

    Result<void> discard(std::string_view key) override { return move(key, in_trash(key), key); }
    Result<void> bring_back(std::string_view key) override { return move(in_trash(key), key, key); }

    Result<std::vector<DiscardedFile>> discarded() const override {
        OURVIDZ_TRY(objects, bucket_.list(trash_start));
        std::vector<DiscardedFile> files;
        for (const auto& one : objects) {
            const auto key = one.key.substr(trash_start.size());
            if (is_key(key)) files.push_back({key, one.changed_ms, one.bytes});
        }
        return files;
    }

    Result<std::string> read_discarded(std::string_view key, std::uint64_t offset,
                                       std::size_t length) const override {
        if (!is_key(key)) return Error{ErrorCode::not_found, "There is no such file.", ""};
        return bucket_.read(in_trash(key), offset, length);
    }

    Result<void> remove_discarded(std::string_view key) override {
        if (!is_key(key)) return {};
        return bucket_.remove(in_trash(key));
    }

    Result<std::optional<std::string>> note() const override {
        auto text = bucket_.read(note_name, 0, note_bytes_max);
        if (text.ok()) return std::optional(std::move(*text));
        if (text.error().code == ErrorCode::not_found) return std::optional<std::string>();
        return text.error();
    }
    Result<void> set_note(std::string_view text) override { return bucket_.put(note_name, text); }
    // What is there afterwards counts: a storage that does not know the condition writes in any case, and of
    // two tries the first may have been the one that wrote.
    Result<void> set_first_note(std::string_view text) override {
        const auto put = bucket_.put_new(note_name, text);
        if (!put.ok() && put.error().code != ErrorCode::conflict) return put.error();
        OURVIDZ_TRY(kept, note());
        if (kept != std::string(text)) return Error{ErrorCode::conflict, "There is a note already.", ""};
        return {};
    }

    // At once or not at all: whoever asks wants to know how it is now.
    Result<void> try_out() override { return impatient_.check(); }

    Result<void> tidy(std::int64_t older_than_ms) override {
        OURVIDZ_TRY(uploads, bucket_.open_uploads());
        for (const auto& one : uploads) {
            if (is_key(one.key) && one.begun_ms < older_than_ms)
                OURVIDZ_CHECK(bucket_.abort_upload(one.key, one.id));
        }
        OURVIDZ_TRY(objects, bucket_.list(S3Bucket::trial_start));
        for (const auto& one : objects) {
            if (one.changed_ms < older_than_ms) OURVIDZ_CHECK(bucket_.remove(one.key));
        }
        return {};
    }

    std::filesystem::path incoming_folder() const override { return incoming_->folder(); }

    std::uint64_t bytes_free() const override {
        std::error_code failure;
        const auto space = std::filesystem::space(incoming_->folder(), failure);
        return failure ? 0 : space.available;
    }

  private:
    static constexpr std::string_view trash_start = "trash/";
    static constexpr std::size_t note_bytes_max = 4096;

    static S3Options for_trials(S3Options options) {
        options.tries_max = 1;
        options.timeout_ms = std::min(options.timeout_ms, trial_ms_max);
        return options;
    }
    static std::string in_trash(std::string_view key) { return std::string(trash_start) + std::string(key); }

    // A bucket knows no renaming. What was cut off between the two is done again.
    Result<void> move(std::string_view from, std::string_view to, std::string_view key) {
        if (!is_key(key)) return Error{ErrorCode::not_found, "There is no such file.", ""};
        OURVIDZ_CHECK(bucket_.copy(from, to));
        return bucket_.remove(from);
    }

    Result<void> put_whole(const std::string& key, int file, std::uint64_t bytes) {
        OURVIDZ_TRY(content, read_part(file, 0, bytes));
        return bucket_.put(key, content);
    }

    Result<void> put_parts(const std::string& key, int file, std::uint64_t bytes) {
        const auto part_bytes = std::max(options_.part_bytes, bytes / parts_max + 1);
        OURVIDZ_TRY(upload, bucket_.begin_upload(key));
        const auto put_all = [&]() -> Result<void> {
            std::vector<std::string> etags;
            for (std::uint64_t offset = 0; offset < bytes; offset += part_bytes) {
                OURVIDZ_TRY(content, read_part(file, offset, std::min(part_bytes, bytes - offset)));
                OURVIDZ_TRY(etag, bucket_.put_part(key, upload, etags.size() + 1, content));
                etags.push_back(etag);
            }
            return bucket_.complete_upload(key, upload, etags, bytes);
        };
        auto done = put_all();
        if (!done.ok()) (void)bucket_.abort_upload(key, upload);
        return done;
    }

    S3Options options_;
    std::unique_ptr<Incoming> incoming_;
    S3Bucket impatient_;
    S3Bucket bucket_;
};

}  // namespace

Result<std::unique_ptr<FileStore>> open_s3(S3Options options, const std::filesystem::path& folder,
                                           const Clock& clock) {
    options.part_bytes = std::max(options.part_bytes, part_bytes_min);
    OURVIDZ_TRY(incoming, Incoming::open(folder));
    const S3Bucket bucket(options, clock);
    OURVIDZ_CHECK(bucket.check());
    return std::unique_ptr<FileStore>(
        std::make_unique<S3Store>(std::move(options), std::move(incoming), clock));
}

}  // namespace ourvidz::files
