// The requests that a file store makes to one bucket of S3, signed, and tried again when the bucket's server
// fails or does not answer. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "files/file_store.h"
#include "files/s3_signature.h"
#include "http/client.h"

namespace ourvidz::files {

// Keys are those of the store; the bucket's prefix comes before them. Errors of all: unavailable, with what
// the server said; not_found.
class S3Bucket {
  public:
    struct Object {
        std::string key;
        std::int64_t changed_ms = 0;
        std::uint64_t bytes = 0;
    };

    S3Bucket(S3Options options, const Clock& clock);

    // Writes, reads and removes a small object under a name of its own.
    [[nodiscard]] Result<void> check() const;
    static constexpr std::string_view trial_start = "check-";  // of those names
    [[nodiscard]] Result<void> put(std::string_view key, std::string_view content) const;
    [[nodiscard]] Result<std::uint64_t> size(std::string_view key) const;
    [[nodiscard]] Result<std::string> read(std::string_view key, std::uint64_t offset,
                                           std::size_t length) const;
    [[nodiscard]] Result<void> remove(std::string_view key) const;
    // Only if there is no such object yet. Errors besides: conflict when there is.
    [[nodiscard]] Result<void> put_new(std::string_view key, std::string_view content) const;
    [[nodiscard]] Result<void> copy(std::string_view from, std::string_view to) const;
    // Everything whose key begins with `start`.
    [[nodiscard]] Result<std::vector<Object>> list(std::string_view start) const;
    [[nodiscard]] std::string link(std::string_view key, const LinkOptions& options) const;

    struct Upload {
        std::string key;
        std::string id;
        std::int64_t begun_ms = 0;
    };
    // Uploads in parts that are neither completed nor aborted, the first thousand.
    [[nodiscard]] Result<std::vector<Upload>> open_uploads() const;
    // An object in parts: numbers count from 1; `bytes` is what all of them are together.
    [[nodiscard]] Result<std::string> begin_upload(std::string_view key) const;
    [[nodiscard]] Result<std::string> put_part(std::string_view key, const std::string& upload,
                                               std::size_t number, std::string_view content) const;
    [[nodiscard]] Result<void> complete_upload(std::string_view key, const std::string& upload,
                                               const std::vector<std::string>& etags,
                                               std::uint64_t bytes) const;
    [[nodiscard]] Result<void> abort_upload(std::string_view key, const std::string& upload) const;

  private:
    struct Ask {
        std::string method;
        std::string path;
        S3Query query = {};
        std::map<std::string, std::string> headers = {};
        std::string_view body = {};
    };
    [[nodiscard]] Result<http::Reply> send(const Ask& ask) const;
    [[nodiscard]] Result<http::Reply> send_once(const Ask& ask) const;
    [[nodiscard]] std::string path_of(std::string_view key) const;
    // The random part of a pause, in milliseconds.
    [[nodiscard]] std::int64_t jitter(std::int64_t longest_ms) const;

    S3Options options_;
    const Clock& clock_;
    S3Login login_;
    std::string origin_;  // https://host:port
    std::string host_;
    std::string bucket_path_;  // /bucket
    std::string prefix_;       // "" or "some/folder/"
    mutable std::mutex mutex_;
    mutable std::vector<std::unique_ptr<http::Client>> idle_;  // each keeps its connection
    mutable std::minstd_rand random_{std::random_device()()};
};

}  // namespace ourvidz::files
