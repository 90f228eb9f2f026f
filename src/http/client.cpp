#include "http/client.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <optional>

#include "base/clock.h"
#include "base/id.h"
#include "http/curl_handle.h"
#include "http/problem.h"
#include "http/sse.h"

namespace ourvidz::http {
namespace {

constexpr std::size_t body_bytes_max = 64 * 1024 * 1024;
constexpr std::size_t problem_bytes_max = 64 * 1024;
constexpr int connect_timeout_ms_max = 10'000;
constexpr int poll_ms_max = 1'000;
constexpr curl_off_t expect_continue_from_bytes = 1024 * 1024;

class OpenFile {
  public:
    explicit OpenFile(int fd) : fd_(fd) {}
    ~OpenFile() { close(); }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    [[nodiscard]] int get() const { return fd_; }
    bool close() {
        const bool closed = fd_ < 0 || ::close(fd_) == 0;
        fd_ = -1;
        return closed;
    }

  private:
    int fd_;
};

bool write_whole(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

}  // namespace

class Client::Impl {
  public:
    // One exchange: what is sent, and where the answer goes.
    struct Exchange {
        std::string_view method;
        std::string_view path;
        const Headers* headers = nullptr;
        std::string_view body = {};
        int body_file = -1;  // wins over `body`
        curl_off_t body_bytes = 0;
        int timeout_ms = 0;
        bool timeout_is_for_silence = false;  // else for the whole exchange
        // Takes bytes of an answer with status 200 if set; an error ends the exchange.
        std::function<Result<void>(std::string_view)> on_bytes = {};
    };

    Impl(std::string base_url, const std::string& bearer) : base_url_(std::move(base_url)) {
        while (base_url_.ends_with('/')) base_url_.pop_back();
        if (!bearer.empty()) authorization_ = "Authorization: Bearer " + bearer;
        multi_ = curl_multi_init();
        if (multi_ == nullptr) std::abort();  // only without memory
    }

    ~Impl() { curl_multi_cleanup(multi_); }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    Result<Reply> run(const Exchange& exchange) {
        exchange_ = &exchange;
        reply_ = Reply{};
        fault_.reset();
        read_bytes_ = 0;
        const std::string url = base_url_ + std::string(exchange.path);
        const std::string method(exchange.method);
        handle_.reset(url);
        OURVIDZ_CHECK(add_headers(exchange));
        set(CURLOPT_PATH_AS_IS, 1L);
        set(CURLOPT_PROXY, "");
        set(CURLOPT_TCP_NODELAY, 1L);
        set(CURLOPT_CONNECTTIMEOUT_MS,
            static_cast<long>(std::min(exchange.timeout_ms, connect_timeout_ms_max)));
        if (!exchange.timeout_is_for_silence) set(CURLOPT_TIMEOUT_MS, static_cast<long>(exchange.timeout_ms));
        set(CURLOPT_WRITEFUNCTION, &Impl::on_write);
        set(CURLOPT_WRITEDATA, this);
        set_body(exchange, method);
        set(CURLOPT_CUSTOMREQUEST, method.c_str());
        if (method == "HEAD") set(CURLOPT_NOBODY, 1L);
        return perform(exchange);
    }

    void interrupt() {
        interrupted_.store(true);
        curl_multi_wakeup(multi_);
    }

    [[nodiscard]] Reply& reply() { return reply_; }

  private:
    template <class Value>
    void set(CURLoption option, Value value) {
        handle_.set(option, value);
    }

    Result<void> add_headers(const Exchange& exchange) {
        if (!authorization_.empty()) handle_.add_header(authorization_);
        for (const auto& [name, value] : *exchange.headers) {
            auto line = name;
            line.append(value.empty() ? ";" : ": ").append(value);
            if (line.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
                return Error{ErrorCode::internal, "A header has a line break.", ""};
            }
            handle_.add_header(line);
        }
        // A refused large body is not sent at all; a small one is not worth the round trip.
        if (exchange.body_bytes < expect_continue_from_bytes) handle_.add_header("Expect:");
        return {};
    }

    void set_body(const Exchange& exchange, const std::string& method) {
        if (exchange.body_file >= 0) {
            set(CURLOPT_UPLOAD, 1L);
            set(CURLOPT_READFUNCTION, &Impl::on_read);
            set(CURLOPT_READDATA, this);
            set(CURLOPT_SEEKFUNCTION, &Impl::on_seek);
            set(CURLOPT_SEEKDATA, this);
            set(CURLOPT_INFILESIZE_LARGE, exchange.body_bytes);
        } else if (!exchange.body.empty() || method == "POST" || method == "PUT" || method == "PATCH") {
            set(CURLOPT_POST, 1L);
            set(CURLOPT_POSTFIELDSIZE_LARGE, exchange.body_bytes);
            set(CURLOPT_POSTFIELDS, exchange.body.empty() ? "" : exchange.body.data());
        }
    }

    Result<Reply> perform(const Exchange& exchange) {
        last_byte_ms_ = steady_ms();
        curl_multi_add_handle(multi_, handle_.get());
        auto outcome = wait_for_end(exchange);
        if (char* type = nullptr;
            curl_easy_getinfo(handle_.get(), CURLINFO_CONTENT_TYPE, &type) == CURLE_OK && type != nullptr) {
            reply_.content_type = type;
        }
        reply_.status = handle_.status();
        reply_.headers = handle_.head().fields();
        curl_multi_remove_handle(multi_, handle_.get());
        if (!outcome) return outcome.error();
        return std::move(reply_);
    }

    Result<void> wait_for_end(const Exchange& exchange) {
        while (true) {
            if (interrupted_.exchange(false))
                return Error{ErrorCode::canceled, "The call was interrupted.", ""};
            int running = 0;
            curl_multi_perform(multi_, &running);
            int queued = 0;
            if (const auto* message = curl_multi_info_read(multi_, &queued); message != nullptr) {
                return result_of(message->data.result);
            }
            const auto silent_ms = steady_ms() - last_byte_ms_;
            int wait_ms = poll_ms_max;
            if (exchange.timeout_is_for_silence) {
                if (silent_ms >= exchange.timeout_ms) {
                    return Error{ErrorCode::unavailable, "The server has been silent for too long.", ""};
                }
                wait_ms = static_cast<int>(std::min<std::int64_t>(wait_ms, exchange.timeout_ms - silent_ms));
            }
            curl_multi_poll(multi_, nullptr, 0, wait_ms, nullptr);
        }
    }

    Result<void> result_of(CURLcode code) {
        if (fault_) return *fault_;
        if (code == CURLE_OK) return {};
        // A refusal may come, and the connection end, before all of a body was sent.
        if (code == CURLE_SEND_ERROR && handle_.status() >= 400) return {};
        return Error{ErrorCode::unavailable, "No answer: " + handle_.reason(code) + ".", ""};
    }

    static std::size_t on_write(char* data, std::size_t, std::size_t size, void* self) {
        return static_cast<Impl*>(self)->take({data, size}) ? size : 0;
    }

    bool take(std::string_view bytes) {
        last_byte_ms_ = steady_ms();
        if (exchange_->on_bytes && handle_.status() == 200) {
            auto taken = exchange_->on_bytes(bytes);
            if (!taken) fault_ = taken.error();
            return taken.ok();
        }
        if (reply_.body.size() + bytes.size() > (exchange_->on_bytes ? problem_bytes_max : body_bytes_max)) {
            fault_ = Error{ErrorCode::too_large, "The answer is too large.", ""};
            return false;
        }
        reply_.body += bytes;
        return true;
    }

    static std::size_t on_read(char* data, std::size_t, std::size_t size, void* self) {
        auto& impl = *static_cast<Impl*>(self);
        const ssize_t got = ::pread(impl.exchange_->body_file, data, size, impl.read_bytes_);
        if (got < 0) return CURL_READFUNC_ABORT;
        impl.read_bytes_ += got;
        return static_cast<std::size_t>(got);
    }

    static int on_seek(void* self, curl_off_t offset, int origin) {
        if (origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
        static_cast<Impl*>(self)->read_bytes_ = offset;
        return CURL_SEEKFUNC_OK;
    }

    std::string base_url_;
    std::string authorization_;
    CurlHandle handle_;
    CURLM* multi_ = nullptr;
    std::atomic<bool> interrupted_ = false;
    const Exchange* exchange_ = nullptr;
    Reply reply_;
    std::optional<Error> fault_;
    std::int64_t last_byte_ms_ = 0;
    off_t read_bytes_ = 0;
};

std::string Reply::header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
}

Client::Client(std::string base_url, std::string bearer)
    : impl_(std::make_unique<Impl>(std::move(base_url), bearer)) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

Result<Reply> Client::send(std::string_view method, std::string_view path, std::string_view body,
                           const Headers& headers, int timeout_ms) {
    Impl::Exchange exchange{method, path, &headers};
    exchange.body = body;
    exchange.body_bytes = static_cast<curl_off_t>(body.size());
    exchange.timeout_ms = timeout_ms;
    return impl_->run(exchange);
}

Result<Reply> Client::upload(std::string_view method, std::string_view path,
                             const std::filesystem::path& file, const Headers& headers, int timeout_ms) {
    const OpenFile source(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat info {};
    if (source.get() < 0 || ::fstat(source.get(), &info) != 0) {
        return Error{ErrorCode::unavailable, "The file to send cannot be read.", ""};
    }
    Impl::Exchange exchange{method, path, &headers};
    exchange.body_file = source.get();
    exchange.body_bytes = info.st_size;
    exchange.timeout_ms = timeout_ms;
    return impl_->run(exchange);
}

Result<json::value> Client::call(std::string_view method, std::string_view path, const json::value& body,
                                 int timeout_ms) {
    Headers headers{{"Accept", "application/json"}};
    std::string text;
    if (!body.is_null()) {
        text = json::serialize(body);
        headers.emplace_back("Content-Type", "application/json");
    }
    OURVIDZ_TRY(reply, send(method, path, text, headers, timeout_ms));
    if (reply.status >= 400) return error_of_reply(reply.status, reply.content_type, reply.body);
    if (reply.body.empty()) return json::value();
    auto value = parse_json(reply.body);
    if (!value) return Error{ErrorCode::unavailable, "The server's answer is not JSON.", ""};
    return value;
}

Result<void> Client::download(std::string_view path, const std::filesystem::path& file, int timeout_ms) {
    auto temporary = file;
    temporary += '.';
    temporary += random_hex(8);
    temporary += ".part";
    OpenFile target(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (target.get() < 0) return Error{ErrorCode::unavailable, "The downloaded file cannot be written.", ""};
    const Headers headers;
    Impl::Exchange exchange{"GET", path, &headers};
    exchange.timeout_ms = timeout_ms;
    exchange.on_bytes = [&](std::string_view bytes) -> Result<void> {
        if (write_whole(target.get(), bytes)) return {};
        return Error{ErrorCode::unavailable, "There is no room for the download.", ""};
    };
    const auto done = [&]() -> Result<void> {
        OURVIDZ_TRY(reply, impl_->run(exchange));
        if (reply.status != 200) return error_of_reply(reply.status, reply.content_type, reply.body);
        if (!target.close() || ::rename(temporary.c_str(), file.c_str()) != 0) {
            return Error{ErrorCode::unavailable, "The downloaded file cannot be written.", ""};
        }
        return {};
    }();
    if (!done) ::unlink(temporary.c_str());
    return done;
}

Result<void> Client::events(
    std::string_view path, const Headers& headers, int timeout_ms,
    const std::function<bool(std::string_view, std::string_view, std::string_view)>& on_event) {
    SseParser parser;
    bool wants_more = true;
    Headers all = headers;
    all.emplace_back("Accept", "text/event-stream");
    Impl::Exchange exchange{"GET", path, &all};
    exchange.timeout_ms = timeout_ms;
    exchange.timeout_is_for_silence = true;
    exchange.on_bytes = [&](std::string_view bytes) -> Result<void> {
        OURVIDZ_CHECK(parser.put(bytes));
        SseParser::Event event;
        while (wants_more && parser.take(event)) wants_more = on_event(event.event, event.data, event.id);
        if (wants_more) return {};
        return Error{ErrorCode::canceled, "", ""};  // seen below, and not by the caller
    };
    const auto reply = impl_->run(exchange);
    if (!wants_more) return {};
    if (!reply) return reply.error();
    if ((*reply).status != 200) return error_of_reply((*reply).status, (*reply).content_type, (*reply).body);
    return {};
}

void Client::interrupt() {
    impl_->interrupt();
}

}  // namespace ourvidz::http
