#include "http/file_download.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <utility>

#include "base/clock.h"
#include "base/json.h"
#include "http/curl_handle.h"

namespace ourvidz::http {
namespace {

namespace fs = std::filesystem;

constexpr long redirects_max = 5;
constexpr long connect_timeout_ms = 15'000;
constexpr std::int64_t progress_every_ms = 200;
constexpr int first_wait_ms = 500;
constexpr int wait_ms_max = 30'000;
constexpr std::uint64_t file_bytes_max = 1ULL << 40U;
constexpr int connections_max = 10'000;  // of one call, however much each of them brings

Error wrong_file(std::string detail) {
    return invalid_field("file", std::move(detail));
}

Error unavailable(std::string detail) {
    return {ErrorCode::unavailable, std::move(detail), ""};
}

std::optional<std::uint64_t> whole_number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// A strong mark of this version of the file, for If-Range; empty where there is none.
std::string version_of(const AnswerHead& head) {
    const auto tag = head.field("etag");
    return !tag.empty() && !tag.starts_with("W/") ? tag : head.field("last-modified");
}

// "bytes 100-199/1000".
struct ContentRange {
    std::uint64_t begin = 0;
    std::optional<std::uint64_t> total;
};
std::optional<ContentRange> content_range(std::string_view text) {
    if (!text.starts_with("bytes ")) return std::nullopt;
    text.remove_prefix(6);
    const auto dash = text.find('-');
    const auto slash = text.find('/');
    if (dash == std::string_view::npos || slash == std::string_view::npos) return std::nullopt;
    const auto begin = whole_number(text.substr(0, dash));
    if (!begin) return std::nullopt;
    return ContentRange{*begin, whole_number(text.substr(slash + 1))};
}

// The next exchange is for this file, wherever it has gone to.
void ask_for(CurlHandle& handle, const std::string& url) {
    handle.reset(url);
    handle.set(CURLOPT_REDIR_PROTOCOLS_STR, url.starts_with("https:") ? "https" : "http,https");
    handle.set(CURLOPT_FOLLOWLOCATION, 1L);
    handle.set(CURLOPT_MAXREDIRS, redirects_max);
    handle.set(CURLOPT_CONNECTTIMEOUT_MS, connect_timeout_ms);
}

// The part on the disk and what it is a part of.
class Part {
  public:
    static Result<Part> open(const fs::path& path, const std::string& url) {
        std::error_code failure;
        fs::create_directories(path.parent_path(), failure);
        Part part;
        part.path_ = path;
        part.url_ = url;
        part.file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
        if (part.file_ < 0)
            return unavailable(path.string() + " cannot be written: " + std::strerror(errno) + ".");
        if (flock(part.file_, LOCK_EX | LOCK_NB) != 0) {
            return Error{ErrorCode::conflict, "Another process is fetching " + path.string() + " already.",
                         ""};
        }
        OURVIDZ_CHECK(part.remember());
        return part;
    }
    Part() = default;
    ~Part() {
        if (file_ >= 0) ::close(file_);
    }
    Part(Part&& other) noexcept
        : path_(std::move(other.path_)),
          url_(std::move(other.url_)),
          version_(std::move(other.version_)),
          file_(std::exchange(other.file_, -1)),
          bytes_(other.bytes_) {}
    Part& operator=(Part&&) = delete;

    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
    [[nodiscard]] const std::string& version() const { return version_; }

    // From nothing, as a part of this version.
    Result<void> begin(const std::string& version) {
        if (ftruncate(file_, 0) != 0) return unavailable("The part cannot be emptied.");
        bytes_ = 0;
        version_ = version;
        std::ofstream out(note(), std::ios::binary | std::ios::trunc);
        out << json::serialize(json::object{{"url", url_}, {"version", version_}}) << "\n";
        out.flush();
        if (!out) return unavailable(note().string() + " cannot be written.");
        return {};
    }
    Result<void> append(std::string_view data) {
        while (!data.empty()) {
            const ssize_t written = pwrite(file_, data.data(), data.size(), static_cast<off_t>(bytes_));
            if (written < 0 && errno == EINTR) continue;
            if (written <= 0)
                return unavailable(std::string("The part cannot be written: ") + std::strerror(errno));
            bytes_ += static_cast<std::uint64_t>(written);
            data.remove_prefix(static_cast<std::size_t>(written));
        }
        return {};
    }
    Result<void> finish() {
        if (fsync(file_) != 0) return unavailable("The part cannot be written to the disk.");
        ::unlink(note().c_str());
        return {};
    }
    void remove() {
        ::unlink(path_.c_str());
        ::unlink(note().c_str());
        bytes_ = 0;
    }

  private:
    [[nodiscard]] fs::path note() const { return path_.string() + ".json"; }

    // What an earlier call has left, if it belongs to the same address and says of which version it is.
    Result<void> remember() {
        struct stat status {};
        if (fstat(file_, &status) != 0) return unavailable("The part cannot be read.");
        std::ifstream in(note(), std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>(in), {}};
        const auto left = parse_json_object(text);
        const auto* url = left ? left->if_contains("url") : nullptr;
        const auto* version = left ? left->if_contains("version") : nullptr;
        const bool ours = url != nullptr && url->is_string() && url->get_string() == url_ &&
                          version != nullptr && version->is_string() && !version->get_string().empty();
        if (!ours) return begin("");
        version_ = std::string(version->get_string());
        bytes_ = static_cast<std::uint64_t>(status.st_size);
        return {};
    }

    fs::path path_;
    std::string url_;
    std::string version_;
    int file_ = -1;
    std::uint64_t bytes_ = 0;
};

Error error_of_status(int status) {
    const auto number = std::to_string(status);
    if (status == 401 || status == 403)
        return {ErrorCode::forbidden, "The server wants a sign-in for this file (status " + number + ").",
                ""};
    if (status == 404 || status == 410)
        return {ErrorCode::not_found, "The server does not have this file (status " + number + ").", ""};
    return unavailable("The server answers with status " + number + ".");
}

// One request for what is missing.
class Attempt {
  public:
    Attempt(const FileDownload& download, Part& part) : download_(download), part_(part) {
        ask_for(handle_, download.url);
        handle_.add_header("Accept-Encoding: identity");
        if (part_.bytes() > 0) {
            handle_.set(CURLOPT_RANGE, (std::to_string(part_.bytes()) + "-").c_str());
            handle_.add_header("If-Range: " + part_.version());
        }
        handle_.set(CURLOPT_WRITEFUNCTION, &Attempt::on_write);
        handle_.set(CURLOPT_WRITEDATA, this);
        handle_.set(CURLOPT_NOPROGRESS, 0L);
        handle_.set(CURLOPT_XFERINFOFUNCTION, &Attempt::on_progress);
        handle_.set(CURLOPT_XFERINFODATA, this);
    }

    Result<void> run() {
        last_byte_ms_ = steady_ms();
        const auto code = curl_easy_perform(handle_.get());
        if (fault_) return *fault_;
        const int status = handle_.status();
        if (code == CURLE_OK && status == 416) return out_of_range();
        if (code == CURLE_OK && status != 200 && status != 206) return error_of_status(status);
        if (code == CURLE_OK && !started_) {
            // An answer without a body: nothing was missing, or the file is empty.
            if (auto begun = begin(); !begun) return begun;
        }
        if (code != CURLE_OK) return unavailable("The connection broke: " + handle_.reason(code) + ".");
        if (total_ && part_.bytes() < *total_) return unavailable("The server ended the file too early.");
        return {};
    }

  private:
    static std::size_t on_write(char* data, std::size_t, std::size_t size, void* self) {
        auto& attempt = *static_cast<Attempt*>(self);
        auto taken = attempt.take({data, size});
        if (!taken) attempt.fault_ = taken.error();
        return taken.ok() ? size : 0;
    }

    Result<void> take(std::string_view bytes) {
        last_byte_ms_ = steady_ms();
        const int status = handle_.status();
        if (status != 200 && status != 206) return {};  // words about an error; run() tells it
        if (!started_) OURVIDZ_CHECK(begin());
        const auto most = total_.value_or(file_bytes_max);
        if (part_.bytes() + bytes.size() > most) {
            return wrong_file("The server sends more than the " + std::to_string(most) +
                              " bytes that the file may have.");
        }
        return part_.append(bytes);
    }

    // Decides by the head of the answer where its bytes go.
    Result<void> begin() {
        started_ = true;
        const auto& head = handle_.head();
        const auto range = content_range(head.field("content-range"));
        if (handle_.status() == 206) {
            if (!range || range->begin != part_.bytes() || version_of(head) != part_.version()) {
                OURVIDZ_CHECK(part_.begin(""));
                return unavailable("The server answers with a part of another file than the one begun.");
            }
            total_ = range->total;
        } else {
            OURVIDZ_CHECK(part_.begin(version_of(head)));
            total_ = whole_number(head.field("content-length"));
        }
        if (download_.bytes && total_ && *total_ != *download_.bytes) {
            return wrong_file("The server's file has " + std::to_string(*total_) + " bytes instead of " +
                              std::to_string(*download_.bytes) + ".");
        }
        if (!total_) total_ = download_.bytes;
        if (total_.value_or(0) > file_bytes_max) return wrong_file("The server's file is larger than 1 TiB.");
        return {};
    }

    // The server has nothing after our last byte: either that was all, or it is another file by now.
    Result<void> out_of_range() {
        const auto text = handle_.head().field("content-range");  // "bytes */1000"
        const auto slash = text.find('/');
        const auto total = slash == std::string::npos ? std::nullopt : whole_number(text.substr(slash + 1));
        if (total && *total == part_.bytes() && (!download_.bytes || *download_.bytes == *total)) return {};
        OURVIDZ_CHECK(part_.begin(""));
        return unavailable("The server's file is shorter than the part of it that is here.");
    }

    static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
        return static_cast<Attempt*>(self)->go_on() ? 0 : 1;
    }

    bool go_on() {
        const auto now = steady_ms();
        if (now - last_byte_ms_ > download_.silence_ms) {
            fault_ = unavailable("The server has been silent for too long.");
            return false;
        }
        if (now - last_told_ms_ < progress_every_ms || !download_.progress) return true;
        last_told_ms_ = now;
        if (download_.progress(part_.bytes(), total_ ? total_ : download_.bytes)) return true;
        fault_ = Error{ErrorCode::canceled, "Stopped; what is here already is kept.", ""};
        return false;
    }

    const FileDownload& download_;
    Part& part_;
    CurlHandle handle_;
    bool started_ = false;
    std::optional<std::uint64_t> total_;
    std::optional<Error> fault_;
    std::int64_t last_byte_ms_ = 0;
    std::int64_t last_told_ms_ = 0;
};

}  // namespace

Result<void> download_file(const FileDownload& download) {
    OURVIDZ_TRY(part, Part::open(download.part, download.url));
    int failures = 0;
    std::uint64_t best = part.bytes();  // a server that makes us begin anew brings nothing new
    for (int connection = 1;; ++connection) {
        // Without a mark of its version, a part cannot be gone on with.
        if (part.bytes() > 0 && part.version().empty()) OURVIDZ_CHECK(part.begin(""));
        if (download.bytes && part.bytes() == *download.bytes) return part.finish();
        auto done = Attempt(download, part).run();
        if (done) return part.finish();
        const auto& error = done.error();
        if (error.code == ErrorCode::invalid_field) part.remove();
        if (error.code != ErrorCode::unavailable) return error;
        failures = part.bytes() > best ? 1 : failures + 1;
        best = std::max(best, part.bytes());
        if (failures >= download.attempts_max || connection >= connections_max) return error;
        const int wait_ms = std::min(first_wait_ms << std::min(failures - 1, 10), wait_ms_max);
        if (download.wait && !download.wait(wait_ms))
            return Error{ErrorCode::canceled, "Stopped; what is here already is kept.", ""};
    }
}

Result<std::optional<std::uint64_t>> size_of_remote_file(const std::string& url, int timeout_ms) {
    CurlHandle handle;
    ask_for(handle, url);
    handle.set(CURLOPT_NOBODY, 1L);
    handle.set(CURLOPT_TIMEOUT_MS, static_cast<long>(timeout_ms));
    const auto code = curl_easy_perform(handle.get());
    if (code != CURLE_OK) return unavailable("No answer: " + handle.reason(code) + ".");
    if (handle.status() != 200) return error_of_status(handle.status());
    return whole_number(handle.head().field("content-length"));
}

}  // namespace ourvidz::http
