#include "backup/contents.h"

#include <fstream>
#include <iterator>

#include "backup/copying.h"
#include "base/cursor.h"
#include "base/json.h"
#include "base/sha256.h"

namespace ourvidz::backup {
namespace {

namespace fs = std::filesystem;

constexpr const char* list_name = "files.sha256";
constexpr const char* head_name = "backup.json";
constexpr std::size_t digest_size = 64;
constexpr std::size_t between = 2;  // spaces between digest and path
constexpr std::size_t noted_max = 10'000;
constexpr std::size_t text_max = 4096;
constexpr std::int64_t number_max = 1LL << 53U;

std::string read_text(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

json::array noted(const std::vector<std::string>& paths) {
    json::array list;
    for (std::size_t i = 0; i < paths.size() && i < noted_max; ++i) list.push_back(json::value(paths[i]));
    return list;
}

std::vector<std::string> texts(const json::array* list) {
    std::vector<std::string> found;
    if (list == nullptr) return found;
    for (const auto& one : *list) {
        if (one.is_string()) found.emplace_back(one.get_string());
    }
    return found;
}

bool inside(const fs::path& path) {
    if (path.empty() || path.is_absolute()) return false;
    for (const auto& part : path) {
        if (part == ".." || part == "." || part.empty()) return false;
    }
    return true;
}

Error damaged(const fs::path& folder, const std::string& what) {
    return Error{ErrorCode::conflict, "The backup " + folder.string() + " is damaged: " + what, ""};
}

Result<Contents> read_list(const fs::path& folder, const std::string& text) {
    Contents contents;
    std::size_t begin = 0;
    while (begin < text.size()) {
        const auto end = std::min(text.find('\n', begin), text.size());
        const auto line = text.substr(begin, end - begin);
        begin = end + 1;
        const bool whole = line.size() > digest_size + between &&
                           line.find_first_not_of("0123456789abcdef") == digest_size &&
                           inside(line.substr(digest_size + between));
        if (!whole) return damaged(folder, "a line of files.sha256 is not one of ours.");
        contents[line.substr(digest_size + between)] = line.substr(0, digest_size);
    }
    return contents;
}

}  // namespace

Result<void> write_contents(const fs::path& folder, const Contents& contents, const Summary& summary) {
    std::string list;
    for (const auto& [path, digest] : contents) {
        if (path.find('\n') != std::string::npos)
            return Error{ErrorCode::conflict, "A file in the data folder has a line break in its name.", ""};
        list += digest + std::string(between, ' ') + path + "\n";
    }
    OURVIDZ_CHECK(write_durably(folder / list_name, list));
    const json::object head{{"format", format_version},
                            {"program", summary.program},
                            {"made_at", to_rfc3339(summary.made_at)},
                            {"made_at_ms", summary.made_at},
                            {"migration", summary.migration},
                            {"files", summary.files},
                            {"bytes", summary.bytes},
                            {"missing", noted(summary.missing)},
                            {"damaged", noted(summary.damaged)},
                            {"list_sha256", sha256_hex(list)}};
    return write_durably(folder / head_name, json::serialize(head) + "\n");
}

Result<Written> read_contents(const fs::path& folder) {
    std::error_code ignored;
    if (!fs::is_regular_file(folder / head_name, ignored)) {
        return Error{ErrorCode::not_found,
                     "There is no complete backup in " + folder.string() + ": it has no backup.json.", ""};
    }
    const auto parsed = parse_json_object(read_text(folder / head_name));
    if (!parsed.ok()) return damaged(folder, "backup.json cannot be read.");
    const auto* format = parsed->if_contains("format");
    if (format != nullptr && format->is_int64() && format->get_int64() > format_version) {
        return Error{
            ErrorCode::conflict,
            "The backup " + folder.string() + " was made by a newer version of OurVidz; use that version.",
            ""};
    }
    FieldReader reader(*parsed);
    Written written;
    auto& summary = written.summary;
    (void)reader.required_integer("format", format_version, format_version);
    summary.program = reader.required_text("program", text_max);
    (void)reader.text("made_at", text_max);
    summary.made_at = reader.required_integer("made_at_ms", 0, number_max);
    summary.migration = reader.required_integer("migration", 0, number_max);
    summary.files = static_cast<std::uint64_t>(reader.required_integer("files", 0, number_max));
    summary.bytes = static_cast<std::uint64_t>(reader.required_integer("bytes", 0, number_max));
    summary.missing = texts(reader.array("missing", noted_max));
    summary.damaged = texts(reader.array("damaged", noted_max));
    const auto digest = reader.required_text("list_sha256", digest_size);
    if (!reader.finish()) return damaged(folder, "backup.json is not one of ours.");
    const auto list = read_text(folder / list_name);
    if (sha256_hex(list) != digest) return damaged(folder, "files.sha256 is not what it was.");
    OURVIDZ_TRY(contents, read_list(folder, list));
    written.contents = std::move(contents);
    return written;
}

}  // namespace ourvidz::backup
