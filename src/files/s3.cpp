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
#include "files/measure.h"
#include "files/s3_bucket.h"

namespace ourvidz::files {
namespace {

constexpr std::uint64_t part_bytes_min = 5U << 20;
// What the protocol allows.
constexpr std::uint64_t parts_max = 10'000;

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
    S3Store(S3Options options, std::filesystem::path incoming, const Clock& clock)
        : options_(options), incoming_(std::move(incoming)), bucket_(std::move(options), clock) {}

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
        OURVIDZ_TRY(keys, bucket_.list(older_than_ms));
        std::erase_if(keys, [](const auto& key) { return !is_key(key); });
        return std::move(keys);
    }

    std::filesystem::path incoming_folder() const override { return incoming_; }

    std::uint64_t bytes_free() const override {
        std::error_code failure;
        const auto space = std::filesystem::space(incoming_, failure);
        return failure ? 0 : space.available;
    }

  private:
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
    std::filesystem::path incoming_;
    S3Bucket bucket_;
};

}  // namespace

Result<std::unique_ptr<FileStore>> open_s3(S3Options options, const std::filesystem::path& folder,
                                           const Clock& clock) {
    options.part_bytes = std::max(options.part_bytes, part_bytes_min);
    std::error_code failure;
    std::filesystem::remove_all(folder, failure);
    std::filesystem::create_directories(folder, failure);
    if (failure) {
        return Error{ErrorCode::unavailable,
                     "The folder for incoming files is not writable: " + failure.message(), ""};
    }
    const S3Bucket bucket(options, clock);
    OURVIDZ_CHECK(bucket.check());
    return std::unique_ptr<FileStore>(std::make_unique<S3Store>(std::move(options), folder, clock));
}

}  // namespace ourvidz::files
