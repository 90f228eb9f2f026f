// Fetches one large file over HTTP in such a way that an interruption costs nothing: bytes go into a file
// that stays when the connection, the process or the server ends, and the next call asks only for the rest.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "base/result.h"

namespace ourvidz::http {

struct FileDownload {
    std::string url;
    // Grows while it is fetched. A small file of the same name and ".json" beside it remembers what it is a
    // part of; one that belongs to another address or another version of the file is begun anew.
    std::filesystem::path part;
    std::optional<std::uint64_t> bytes;  // that the whole has, where it is known
    int silence_ms = 30'000;             // a connection that sends nothing for so long is given up
    int attempts_max = 5;                // in a row that brought no new byte
    // Called a few times a second; false stops, and the part stays. The total is unknown until the server
    // tells.
    std::function<bool(std::uint64_t done, std::optional<std::uint64_t> total)> progress;
    // Waits between two attempts; false stops.
    std::function<bool(int wait_ms)> wait;
};

// When it answers well, `part` is the whole file and on the disk. Redirects are followed, from https to https
// only. Errors: not_found, forbidden (the server wants a sign-in), invalid_field with field "file" when what
// the server offers cannot be the file (the part is then removed), conflict when another process fetches into
// the same part, canceled, else unavailable with the last reason (the part stays).
[[nodiscard]] Result<void> download_file(const FileDownload& download);

// The size that the server states, if it states any. Errors as above.
[[nodiscard]] Result<std::optional<std::uint64_t>> size_of_remote_file(const std::string& url,
                                                                       int timeout_ms);

}  // namespace ourvidz::http
