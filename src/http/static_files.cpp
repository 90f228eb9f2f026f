#include "http/static_files.h"

#include <array>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <system_error>

#include "base/sha256.h"
#include "http/compression.h"
#include "http/problem.h"
#include "http/range.h"

namespace ourvidz::http {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t files_max = 10'000;
constexpr int smallest = 9;  // of gzip's levels: it is done once
constexpr std::string_view html = "text/html; charset=utf-8";
constexpr std::string_view script = "text/javascript; charset=utf-8";

struct Variant {
    fs::path path;
    std::string etag;
    std::optional<std::string> content = {};  // instead of the file's, where that had to be changed
};

struct File {
    Variant plain;
    std::optional<Variant> brotli;
    std::optional<Variant> gzip;
    std::string_view content_type;
    bool immutable = false;
};

struct Site {
    std::map<std::string, File, std::less<>> files;  // by path from the folder, with slashes
    std::string content_security_policy;
};

std::string etag_of(std::string_view content) {
    return '"' + sha256_hex(content).substr(0, 32) + '"';
}

Result<std::string> content_of(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary | std::ios::ate);
    std::string content(stream ? static_cast<std::size_t>(stream.tellg()) : 0, ' ');
    if (!stream.seekg(0).read(content.data(), static_cast<std::streamsize>(content.size())))
        return Error{ErrorCode::unavailable, "A file of the web app cannot be read.", ""};
    return content;
}

Result<Variant> read_variant(const fs::path& path) {
    OURVIDZ_TRY(content, content_of(path));
    return Variant{path, etag_of(content)};
}

Result<std::map<std::string, Variant>> list_folder(const fs::path& folder) {
    std::map<std::string, Variant> found;
    std::error_code failure;
    for (fs::recursive_directory_iterator it(folder, failure), end; !failure && it != end;
         it.increment(failure)) {
        if (it->is_symlink() || !it->is_regular_file()) continue;
        if (found.size() >= files_max)
            return Error{ErrorCode::unavailable, "The web app has too many files.", ""};
        OURVIDZ_TRY(variant, read_variant(it->path()));
        found.emplace(it->path().lexically_relative(folder).generic_string(), std::move(variant));
    }
    if (failure) return Error{ErrorCode::not_found, "The folder of the web app cannot be read.", ""};
    return found;
}

const File* find_file(const Site& site, std::string_view path) {
    const auto relative = path.substr(path.starts_with('/') ? 1 : 0);
    if (const auto found = site.files.find(relative); found != site.files.end()) return &found->second;
    if (relative == "api" || relative.starts_with("api/") || relative.starts_with("assets/")) return nullptr;
    const auto last = relative.substr(relative.rfind('/') + 1);  // npos + 1 is 0
    if (last.find('.') != std::string_view::npos) return nullptr;
    return &site.files.find("index.html")->second;
}

// True if `file` is of a type that names other files, and of the few that a site has of it.
bool names_files(const File& file) {
    return file.content_type == html || file.content_type.starts_with("text/css");
}

// `text` with each path from the root, as attributes and styles have them, below `base` instead.
std::string moved_below(std::string text, std::string_view base) {
    for (const std::string_view before_path : {"=\"/", "url(/"}) {
        for (std::size_t at = 0; (at = text.find(before_path, at)) != std::string::npos;) {
            at += before_path.size();
            if (text.compare(at, 1, "/") == 0) continue;  // another site's
            text.insert(at, base.substr(1));
        }
    }
    return text;
}

Result<void> move_below(File& file, std::string_view base) {
    OURVIDZ_TRY(content, content_of(file.plain.path));
    auto moved = moved_below(std::move(content), base);
    auto small = gzip(moved, smallest);
    file.brotli.reset();
    file.gzip = Variant{file.plain.path, etag_of(small), std::move(small)};
    file.plain = Variant{file.plain.path, etag_of(moved), std::move(moved)};
    return {};
}

std::string_view cache_rule(const File& file) {
    return file.immutable ? "public, max-age=31536000, immutable" : "no-cache";
}

Response variant_response(const Request& request, const File& file, const Variant& variant) {
    if (!variant.content)
        return file_response(request, variant.path, file.content_type, variant.etag, cache_rule(file));
    auto answer = ranged_response(
        request, {variant.content->size(), file.content_type, variant.etag, cache_rule(file)});
    if (answer.part) answer.response.body = variant.content->substr(answer.part->offset, answer.part->length);
    return std::move(answer.response);
}

Response answer(const Site& site, const Request& request) {
    const auto* file = find_file(site, request.path);
    if (file == nullptr) return problem(Error{ErrorCode::not_found, "There is no such page.", ""});
    const auto accepted = request.header("accept-encoding");
    const auto* variant = &file->plain;
    std::string_view coding;
    if (file->brotli && accepts_coding(accepted, "br")) {
        variant = &*file->brotli;
        coding = "br";
    } else if (file->gzip && accepts_coding(accepted, "gzip")) {
        variant = &*file->gzip;
        coding = "gzip";
    }
    auto response = variant_response(request, *file, *variant);
    if (file->brotli || file->gzip) response.headers.emplace_back("Vary", "Accept-Encoding");
    if (!coding.empty() && response.status < 300) response.headers.emplace_back("Content-Encoding", coding);
    if (file->content_type == html || file->content_type == script) {
        response.headers.emplace_back("Content-Security-Policy", site.content_security_policy);
    }
    return response;
}

asio::awaitable<Response> serve(std::shared_ptr<const Site> site, Request request) {
    co_return answer(*site, request);
}

}  // namespace

std::string_view content_type_of(const fs::path& path) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 24> types = {{
        {".html", html},
        {".js", script},
        {".mjs", script},
        {".css", "text/css; charset=utf-8"},
        {".json", "application/json"},
        {".map", "application/json"},
        {".webmanifest", "application/manifest+json"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".jpg", "image/jpeg"},
        {".jpeg", "image/jpeg"},
        {".webp", "image/webp"},
        {".avif", "image/avif"},
        {".gif", "image/gif"},
        {".ico", "image/x-icon"},
        {".mp4", "video/mp4"},
        {".webm", "video/webm"},
        {".woff", "font/woff"},
        {".woff2", "font/woff2"},
        {".ttf", "font/ttf"},
        {".wasm", "application/wasm"},
        {".txt", "text/plain; charset=utf-8"},
        {".xml", "application/xml"},
        {".yaml", "application/yaml"},
    }};
    const auto extension = path.extension().string();
    for (const auto& [suffix, type] : types) {
        if (extension == suffix) return type;
    }
    return "application/octet-stream";
}

Result<Handler> static_files(const fs::path& folder, StaticOptions options) {
    OURVIDZ_TRY(found, list_folder(folder));
    if (!found.contains("index.html")) {
        return Error{ErrorCode::not_found, "The folder of the web app has no index.html.", ""};
    }
    auto site = std::make_shared<Site>();
    site->content_security_policy = std::move(options.content_security_policy);
    for (const auto& [name, variant] : found) {
        const bool compressed = name.ends_with(".br") || name.ends_with(".gz");
        if (compressed && found.contains(name.substr(0, name.size() - 3))) continue;
        File file{variant, {}, {}, content_type_of(name), name.starts_with("assets/")};
        if (const auto brotli = found.find(name + ".br"); brotli != found.end()) file.brotli = brotli->second;
        if (const auto gzip = found.find(name + ".gz"); gzip != found.end()) file.gzip = gzip->second;
        if (options.base_path != "/" && names_files(file)) OURVIDZ_CHECK(move_below(file, options.base_path));
        site->files.emplace(name, std::move(file));
    }
    return Handler([site = std::shared_ptr<const Site>(std::move(site))](Request request) {
        return serve(site, std::move(request));
    });
}

}  // namespace ourvidz::http
