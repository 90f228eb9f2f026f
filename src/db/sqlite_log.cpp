#include "db/sqlite_log.h"

#include <array>
#include <fstream>
#include <optional>

#include "base/id.h"

namespace ourvidz::db {
namespace {

namespace fs = std::filesystem;

// The format of SQLite's files, https://sqlite.org/fileformat2.html: all numbers are big-endian.
constexpr std::size_t number_at = 60;  // user_version
constexpr std::size_t base_at = 68;    // application_id
constexpr std::size_t file_head_bytes = 100;
constexpr std::size_t log_head_bytes = 32;
constexpr std::size_t frame_head_bytes = 24;
constexpr std::uint32_t page_bytes_max = 65'536;
// As SQLite by itself: a longer log is written back into the file.
constexpr int log_pages_max = 1'000;
// For readers that are in the way of emptying the log; everybody who writes waits as long.
constexpr int readers_wait_ms = 20;

struct Stamp {
    std::uint32_t number = 0;
    std::uint32_t base = 0;
};

std::uint32_t number_in(const std::string& bytes, std::size_t offset) {
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < sizeof(number); ++i)
        number = number << 8U | static_cast<unsigned char>(bytes[offset + i]);
    return number;
}

// Empty if the file does not have so many.
std::string bytes_of(std::ifstream& in, std::uint64_t offset, std::size_t count) {
    std::string bytes(count, '\0');
    in.clear();
    in.seekg(static_cast<std::streamoff>(offset));
    in.read(bytes.data(), static_cast<std::streamsize>(count));
    return in.gcount() == static_cast<std::streamsize>(count) ? bytes : "";
}

Stamp stamp_in(const std::string& page_head) {
    return {number_in(page_head, number_at), number_in(page_head, base_at)};
}

std::optional<Stamp> stamp_of_file(const fs::path& database) {
    std::ifstream in(database, std::ios::binary);
    const auto head = bytes_of(in, 0, file_head_bytes);
    return head.empty() ? std::nullopt : std::optional(stamp_in(head));
}

// Of the newest first page that was committed in it. Frames of the log before have other salts.
std::optional<Stamp> stamp_of_log(const fs::path& log) {
    std::ifstream in(log, std::ios::binary);
    const auto head = bytes_of(in, 0, log_head_bytes);
    if (head.empty()) return std::nullopt;
    const auto page_bytes = number_in(head, 8);
    if (page_bytes == 0 || page_bytes > page_bytes_max) return std::nullopt;
    const auto salts = head.substr(16, 8);
    std::optional<Stamp> written;
    std::optional<Stamp> committed;
    for (std::uint64_t at = log_head_bytes;; at += frame_head_bytes + page_bytes) {
        const auto frame = bytes_of(in, at, frame_head_bytes);
        if (frame.empty() || frame.substr(8, 8) != salts) return committed;
        if (number_in(frame, 0) == 1) {
            const auto page = bytes_of(in, at + frame_head_bytes, file_head_bytes);
            if (page.empty()) return committed;
            written = stamp_in(page);
        }
        if (number_in(frame, 4) != 0) committed = written;
    }
}

std::uint32_t new_number() {
    constexpr int bytes = 4;
    constexpr std::uint32_t positive = 0x7fffffff;  // PRAGMA takes no larger one
    const auto number = static_cast<std::uint32_t>(std::stoul(random_hex(bytes), nullptr, 16)) & positive;
    return number == 0 ? 1 : number;
}

}  // namespace

Result<void> require_own_log(const fs::path& database) {
    std::error_code ignored;
    const auto file = fs::weakly_canonical(database, ignored);
    const auto log = file.string() + "-wal";
    const auto of_file = stamp_of_file(file);
    const auto of_log = stamp_of_log(log);
    if (!of_log || (of_file && (of_log->number == of_file->number || of_log->base == of_file->number)))
        return {};
    return Error{
        ErrorCode::conflict,
        "The database " + file.string() + (of_file ? " is not the one that " : " is missing, of which ") +
            log +
            " is a part: another file was put into its place, or the two were copied at different moments. "
            "Nothing was changed. If the right database is elsewhere, put it back. If it is this one, move " +
            log + " and " + file.string() + "-shm away and start again.",
        ""};
}

LogStamp::LogStamp(SqliteConnection& writer) : writer_(writer) {
    (void)write_back();  // a log that goes on has its stamp
    writer_.on_log_commit(&LogStamp::on_commit, this);
}

// A log that goes on must not be stamped as if it began: what it begins with is in the file no more.
Result<bool> LogStamp::write_back() {
    OURVIDZ_TRY(written_back, writer_.query("PRAGMA wal_checkpoint(TRUNCATE)", {}));
    OURVIDZ_TRY(now, writer_.query("PRAGMA user_version", {}));
    newest_ = static_cast<std::uint32_t>(now[0].integer(0));
    if (written_back[0].integer(0) != 0) return false;
    next_ = new_number();
    pages_ = 0;
    return true;
}

Result<void> LogStamp::empty_log() {
    OURVIDZ_CHECK(writer_.script("PRAGMA busy_timeout=" + std::to_string(readers_wait_ms)));
    const auto emptied = write_back();
    OURVIDZ_CHECK(writer_.script("PRAGMA busy_timeout=" + std::to_string(SqliteConnection::busy_ms)));
    if (!emptied.ok()) return emptied.error();
    if (!*emptied) return Error{ErrorCode::conflict, "Somebody reads what is older.", ""};
    return {};
}

LogStamp::~LogStamp() {
    writer_.on_log_commit(nullptr, nullptr);
}

std::string LogStamp::due() const {
    if (next_ == 0) return "";
    return "; PRAGMA user_version=" + std::to_string(next_) +
           "; PRAGMA application_id=" + std::to_string(newest_);
}

int LogStamp::on_commit(void* self, sqlite3* handle, const char* name, int pages) {
    auto& stamp = *static_cast<LogStamp*>(self);
    const bool begun_anew = pages < stamp.pages_ || stamp.pages_ == 0;
    stamp.pages_ = pages;
    if (stamp.next_ != 0 && begun_anew) {
        stamp.newest_ = stamp.next_;
        stamp.next_ = 0;
    }
    if (pages < log_pages_max) return SQLITE_OK;
    int in_log = 0;
    int written_back = 0;
    const int code =
        sqlite3_wal_checkpoint_v2(handle, name, SQLITE_CHECKPOINT_PASSIVE, &in_log, &written_back);
    // Readers may keep it from being complete; the next commit tries again.
    if (code == SQLITE_OK && in_log == written_back) {
        if (stamp.next_ != 0) stamp.newest_ = stamp.next_;
        stamp.next_ = new_number();
    }
    return SQLITE_OK;
}

}  // namespace ourvidz::db
