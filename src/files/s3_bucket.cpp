#include "files/s3_bucket.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <thread>

#include "base/id.h"
#include "base/sha256.h"
#include "http/url.h"

namespace ourvidz::files {
namespace {

constexpr int past_the_end = 416;
constexpr std::size_t idle_clients_max = 16;
constexpr std::int64_t pause_first_ms = 100;
constexpr std::int64_t pause_longest_ms = 3'000;
// Of 1,000 keys each.
constexpr int list_pages_max = 100'000;

// The text between <tag> and </tag>, from `from` on, which is moved behind it. All that we read of XML.
std::optional<std::string> element(std::string_view text, std::string_view tag, std::size_t& from) {
    const auto open = "<" + std::string(tag) + ">";
    const auto close = "</" + std::string(tag) + ">";
    const auto begin = text.find(open, from);
    if (begin == std::string_view::npos) return std::nullopt;
    const auto end = text.find(close, begin);
    if (end == std::string_view::npos) return std::nullopt;
    from = end + close.size();
    return std::string(text.substr(begin + open.size(), end - begin - open.size()));
}

std::optional<std::string> element(std::string_view text, std::string_view tag) {
    std::size_t from = 0;
    return element(text, tag, from);
}

// 2026-11-23T02:18:03.000Z
std::optional<std::int64_t> time_from(const std::string& text) {
    std::tm parts{};
    const char* rest = strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
    if (rest == nullptr) return std::nullopt;
    return static_cast<std::int64_t>(timegm(&parts)) * 1000;
}

// The server's fault, or the network's: may go well the next time.
bool is_passing(const Result<http::Reply>& reply) {
    if (!reply.ok()) return reply.error().code == ErrorCode::unavailable;
    return reply->status >= 500 || reply->status == 429 || reply->status == 408;
}

Error refusal(const http::Reply& reply) {
    if (reply.status == 404) return Error{ErrorCode::not_found, "The file is not there.", ""};
    if (reply.status == 412 || reply.status == 409)
        return Error{ErrorCode::conflict, "The file storage says that this has changed meanwhile.", ""};
    const auto code = element(reply.body, "Code");
    return Error{
        ErrorCode::unavailable,
        "The file storage said no: " + std::to_string(reply.status) + (code ? " " + *code : "") + ".", ""};
}

}  // namespace

S3Bucket::S3Bucket(S3Options options, const Clock& clock)
    : options_(std::move(options)),
      clock_(clock),
      login_{options_.access_key, options_.secret_key, options_.region} {
    const auto scheme_end = options_.url.find("://") + 3;
    const auto host_end = std::min(options_.url.find('/', scheme_end), options_.url.size());
    origin_ = options_.url.substr(0, host_end);
    host_ = options_.url.substr(scheme_end, host_end - scheme_end);
    const std::string_view port = options_.url.starts_with("https") ? ":443" : ":80";
    if (host_.ends_with(port)) host_.resize(host_.size() - port.size());
    auto rest = options_.url.substr(std::min(host_end + 1, options_.url.size()));
    while (rest.ends_with('/')) rest.pop_back();
    const auto bucket_end = std::min(rest.find('/'), rest.size());
    bucket_path_ = "/" + rest.substr(0, bucket_end);
    if (bucket_end < rest.size()) prefix_ = rest.substr(bucket_end + 1) + "/";
}

std::string S3Bucket::path_of(std::string_view key) const {
    return bucket_path_ + "/" + prefix_ + std::string(key);
}

std::int64_t S3Bucket::jitter(std::int64_t longest_ms) const {
    const std::lock_guard lock(mutex_);
    return std::uniform_int_distribution<std::int64_t>(0, longest_ms)(random_);
}

Result<http::Reply> S3Bucket::send_once(const Ask& ask) const {
    std::unique_ptr<http::Client> client;
    {
        const std::lock_guard lock(mutex_);
        if (!idle_.empty()) {
            client = std::move(idle_.back());
            idle_.pop_back();
        }
    }
    if (!client) client = std::make_unique<http::Client>(origin_, "");
    const S3Request request{ask.method, host_, ask.path, ask.query, ask.headers, sha256_hex(ask.body)};
    auto headers = signing_headers(request, login_, clock_.now_ms());
    for (const auto& [name, value] : ask.headers) headers.emplace_back(name, value);
    const auto query = query_text(ask.query);
    auto reply = client->send(ask.method, query.empty() ? ask.path : ask.path + "?" + query, ask.body,
                              headers, options_.timeout_ms);
    // A connection that has failed is not used again.
    if (reply.ok()) {
        const std::lock_guard lock(mutex_);
        if (idle_.size() < idle_clients_max) idle_.push_back(std::move(client));
    }
    return reply;
}

Result<http::Reply> S3Bucket::send(const Ask& ask) const {
    for (int tried = 1;; ++tried) {
        auto reply = send_once(ask);
        if (!is_passing(reply) || tried >= options_.tries_max) {
            if (reply.ok() && reply->status >= 300 && reply->status != past_the_end) return refusal(*reply);
            return reply;
        }
        // Of random length, so that many that failed together do not come back together.
        const auto longest_ms = std::min(pause_first_ms << std::min(tried, 10), pause_longest_ms);
        std::this_thread::sleep_for(std::chrono::milliseconds(longest_ms / 4 + jitter(longest_ms * 3 / 4)));
    }
}

Result<void> S3Bucket::check() const {
    const auto key = std::string(trial_start) + random_hex(8);
    OURVIDZ_CHECK(put(key, "x"));
    OURVIDZ_TRY(content, read(key, 0, 1));
    if (content != "x") return Error{ErrorCode::unavailable, "The file storage does not keep files.", ""};
    return remove(key);
}

Result<void> S3Bucket::put(std::string_view key, std::string_view content) const {
    OURVIDZ_TRY(reply, send({"PUT", path_of(key), {}, {}, content}));
    (void)reply;
    return {};
}

Result<std::uint64_t> S3Bucket::size(std::string_view key) const {
    OURVIDZ_TRY(reply, send({"HEAD", path_of(key)}));
    return std::strtoull(reply.header("content-length").c_str(), nullptr, 10);
}

Result<std::string> S3Bucket::read(std::string_view key, std::uint64_t offset, std::size_t length) const {
    if (length == 0) return std::string();
    const auto range = "bytes=" + std::to_string(offset) + "-" + std::to_string(offset + length - 1);
    auto reply = send({"GET", path_of(key), {}, {{"range", range}}});
    if (!reply.ok()) return reply.error();
    if (reply->status == past_the_end) return std::string();
    if (reply->status == 200 && offset > 0)
        return Error{ErrorCode::unavailable, "The file storage does not answer ranges.", ""};
    reply->body.resize(std::min(reply->body.size(), length));
    return std::move(reply->body);
}

Result<void> S3Bucket::remove(std::string_view key) const {
    auto reply = send({"DELETE", path_of(key)});
    if (!reply.ok() && reply.error().code != ErrorCode::not_found) return reply.error();
    return {};
}

Result<void> S3Bucket::put_new(std::string_view key, std::string_view content) const {
    auto reply = send({"PUT", path_of(key), {}, {{"if-none-match", "*"}}, content});
    if (!reply.ok() && reply.error().code == ErrorCode::conflict)
        return Error{ErrorCode::conflict, "There is such a file already.", ""};
    return reply.ok() ? Result<void>() : Result<void>(reply.error());
}

Result<void> S3Bucket::copy(std::string_view from, std::string_view to) const {
    OURVIDZ_TRY(reply, send({"PUT", path_of(to), {}, {{"x-amz-copy-source", path_of(from)}}}));
    // A copy that fails on the way is told in the body of a success.
    if (element(reply.body, "Code")) return refusal(reply);
    OURVIDZ_TRY(bytes, size(from));
    OURVIDZ_TRY(copied, size(to));
    if (bytes != copied)
        return Error{ErrorCode::unavailable, "The file storage copied a file only in part.", ""};
    return {};
}

Result<std::vector<S3Bucket::Object>> S3Bucket::list(std::string_view start) const {
    std::vector<Object> objects;
    const auto prefix = prefix_ + std::string(start);
    S3Query query{{"list-type", "2"}, {"prefix", prefix}};
    for (int page = 0; page < list_pages_max; ++page) {
        OURVIDZ_TRY(reply, send({"GET", bucket_path_, query}));
        std::size_t from = 0;
        while (const auto entry = element(reply.body, "Contents", from)) {
            const auto key = element(*entry, "Key");
            const auto changed = time_from(element(*entry, "LastModified").value_or(""));
            const auto bytes = std::strtoull(element(*entry, "Size").value_or("").c_str(), nullptr, 10);
            if (key && changed && key->starts_with(prefix_))
                objects.push_back({key->substr(prefix_.size()), *changed, bytes});
        }
        const auto next = element(reply.body, "NextContinuationToken");
        if (!next || next->empty()) return objects;
        query = {{"list-type", "2"}, {"prefix", prefix}, {"continuation-token", *next}};
    }
    return objects;
}

Result<std::vector<S3Bucket::Upload>> S3Bucket::open_uploads() const {
    OURVIDZ_TRY(reply, send({"GET", bucket_path_, {{"prefix", prefix_}, {"uploads", ""}}}));
    std::vector<Upload> uploads;
    std::size_t from = 0;
    while (const auto entry = element(reply.body, "Upload", from)) {
        const auto key = element(*entry, "Key");
        const auto id = element(*entry, "UploadId");
        const auto begun = time_from(element(*entry, "Initiated").value_or(""));
        if (key && id && begun && key->starts_with(prefix_))
            uploads.push_back({key->substr(prefix_.size()), *id, *begun});
    }
    return uploads;
}

std::string S3Bucket::link(std::string_view key, const LinkOptions& options) const {
    S3Request request{"GET", host_, path_of(key), {}, {}, ""};
    if (!options.content_type.empty())
        request.query.emplace_back("response-content-type", options.content_type);
    if (!options.content_disposition.empty())
        request.query.emplace_back("response-content-disposition", options.content_disposition);
    return origin_ + request.path + "?" +
           signed_query(request, login_, clock_.now_ms(), options.valid.count());
}

Result<std::string> S3Bucket::begin_upload(std::string_view key) const {
    OURVIDZ_TRY(reply, send({"POST", path_of(key), {{"uploads", ""}}}));
    const auto upload = element(reply.body, "UploadId");
    if (!upload) return Error{ErrorCode::unavailable, "The file storage began no upload.", ""};
    return *upload;
}

Result<std::string> S3Bucket::put_part(std::string_view key, const std::string& upload, std::size_t number,
                                       std::string_view content) const {
    OURVIDZ_TRY(reply, send({"PUT",
                             path_of(key),
                             {{"partNumber", std::to_string(number)}, {"uploadId", upload}},
                             {},
                             content}));
    auto etag = reply.header("etag");
    if (etag.empty()) return Error{ErrorCode::unavailable, "The file storage named no part.", ""};
    return etag;
}

Result<void> S3Bucket::complete_upload(std::string_view key, const std::string& upload,
                                       const std::vector<std::string>& etags, std::uint64_t bytes) const {
    std::string body = "<CompleteMultipartUpload>";
    for (std::size_t i = 0; i < etags.size(); ++i) {
        body += "<Part><PartNumber>" + std::to_string(i + 1) + "</PartNumber><ETag>" + etags[i] +
                "</ETag></Part>";
    }
    body += "</CompleteMultipartUpload>";
    const auto reply = send({"POST", path_of(key), {{"uploadId", upload}}, {}, body});
    // Success is said in the body; and of two tries the first may have completed it, its answer lost.
    if (reply.ok() && !element(reply->body, "Code")) return {};
    OURVIDZ_TRY(there, size(key));
    if (there == bytes) return {};
    return reply.ok() ? refusal(*reply) : reply.error();
}

Result<void> S3Bucket::abort_upload(std::string_view key, const std::string& upload) const {
    OURVIDZ_TRY(reply, send({"DELETE", path_of(key), {{"uploadId", upload}}}));
    (void)reply;
    return {};
}

}  // namespace ourvidz::files
