// The writing half of a connection.
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <spdlog/spdlog.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>

#include "http/problem.h"
#include "http/server_session.h"

namespace ourvidz::http {

using boost::system::error_code;

namespace {

constexpr std::size_t joined_body_bytes_max = 16 * 1024;  // sent in one piece with the head
constexpr std::size_t file_piece_bytes = 512 * 1024;
constexpr std::size_t file_turn_bytes = 4 * 1024 * 1024;  // sent before others get their turn
constexpr int stream_unsent_bytes_max = 64 * 1024;        // of an event stream, waiting in the kernel
constexpr int watched_bytes_max = 4 * 1024;

std::string_view reason_of(int status) {
    switch (status) {
        case 200:
            return "OK";
        case 201:
            return "Created";
        case 202:
            return "Accepted";
        case 204:
            return "No Content";
        case 206:
            return "Partial Content";
        case 301:
            return "Moved Permanently";
        case 302:
            return "Found";
        case 303:
            return "See Other";
        case 304:
            return "Not Modified";
        case 307:
            return "Temporary Redirect";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 402:
            return "Payment Required";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 409:
            return "Conflict";
        case 412:
            return "Precondition Failed";
        case 413:
            return "Content Too Large";
        case 415:
            return "Unsupported Media Type";
        case 416:
            return "Range Not Satisfiable";
        case 422:
            return "Unprocessable Content";
        case 429:
            return "Too Many Requests";
        case 500:
            return "Internal Server Error";
        case 502:
            return "Bad Gateway";
        case 503:
            return "Service Unavailable";
        default:
            return "Status";
    }
}

template <class Number>
void append_number(std::string& out, Number number, int base = 10) {
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
    out.append(digits.data(), end);
}

bool breaks_header(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

class FileDescriptor {
  public:
    explicit FileDescriptor(const std::filesystem::path& path)
        : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
    ~FileDescriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;
    [[nodiscard]] int get() const { return fd_; }

    [[nodiscard]] bool has(std::uint64_t offset, std::uint64_t length) const {
        struct stat info {};
        if (fd_ < 0 || ::fstat(fd_, &info) != 0 || !S_ISREG(info.st_mode)) return false;
        const auto size = static_cast<std::uint64_t>(info.st_size);
        return offset <= size && length <= size - offset;
    }

  private:
    int fd_;
};

}  // namespace

class SessionStream final : public Stream {
  public:
    explicit SessionStream(Session& session) : session_(session) {}
    asio::awaitable<bool> write(std::string chunk) override { return session_.write_chunk(std::move(chunk)); }

  private:
    Session& session_;
};

// Puts the response's head into the scratch text. Without a length the body is chunked, or ends with the
// connection.
void Session::put_head(const Response& response, Reply reply, std::optional<std::uint64_t> length) {
    auto& out = host_->scratch;
    out.assign("HTTP/1.1 ");
    append_number(out, response.status);
    out += ' ';
    out += reason_of(response.status);
    out += "\r\nDate: ";
    out += host_->date;
    out += "\r\n";
    bool has_cache_control = false;
    bool has_content_policy = false;
    for (const auto& [name, value] : response.headers) {
        if (breaks_header(name) || breaks_header(value)) continue;
        has_cache_control = has_cache_control || name == "Cache-Control";
        has_content_policy = has_content_policy || name == "Content-Security-Policy";
        out += name;
        out += ": ";
        out += value;
        out += "\r\n";
    }
    if (!has_cache_control) out += "Cache-Control: no-store\r\n";
    out += security_headers;
    if (!has_content_policy) out += plain_content_policy;
    if (length && response.status != 204 && response.status != 304) {
        out += "Content-Length: ";
        append_number(out, *length);
        out += "\r\n";
    } else if (!length && reply.http_1_1) {
        out += "Transfer-Encoding: chunked\r\n";
    }
    if (!reply.keep_alive) {
        out += "Connection: close\r\n";
    } else if (!reply.http_1_1) {
        out += "Connection: keep-alive\r\n";
    }
    out += "\r\n";
}

asio::awaitable<bool> Session::send(Response& response, Reply reply) {
    if (response.stream) co_return co_await send_stream_head(response, reply);
    if (response.file) co_return co_await send_file(response, reply);
    put_head(response, reply, response.body.size());
    const bool with_body =
        !reply.head_only && !response.body.empty() && response.status != 204 && response.status != 304;
    const bool joined = with_body && response.body.size() <= joined_body_bytes_max;
    if (joined) host_->scratch += response.body;
    std::string_view bytes = host_->scratch;
    const auto sent = send_now(bytes, with_body && !joined ? MSG_MORE : 0);
    if (sent == Sent::failed) co_return false;
    if (sent == Sent::some) {
        const std::string rest(bytes);
        if (!co_await write_all(rest)) co_return false;
    }
    if (!with_body || joined) co_return true;
    co_return co_await write_all(response.body);
}

asio::awaitable<bool> Session::send_file(const Response& response, Reply reply) {
    const FileDescriptor file(response.file->path);
    auto offset = static_cast<off_t>(response.file->offset);
    auto left = response.file->length;
    if (!file.has(response.file->offset, left)) {
        auto missing = problem(Error{ErrorCode::not_found, "The file is not there any more.", ""});
        co_return co_await send(missing, reply);
    }
    put_head(response, reply, left);
    const std::string head = host_->scratch;
    std::string_view bytes = head;
    const auto sent = send_now(bytes, reply.head_only || left == 0 ? 0 : MSG_MORE);
    if (sent == Sent::failed) co_return false;
    if (sent == Sent::some && !co_await write_all(bytes)) co_return false;
    if (reply.head_only) co_return true;
    std::size_t turn = 0;
    while (left > 0) {
        const auto piece = static_cast<std::size_t>(std::min<std::uint64_t>(left, file_piece_bytes));
        const ssize_t moved = ::sendfile(socket_.native_handle(), file.get(), &offset, piece);
        if (moved > 0) {
            left -= static_cast<std::uint64_t>(moved);
            turn += static_cast<std::size_t>(moved);
            if (turn >= file_turn_bytes) {
                turn = 0;
                co_await asio::post(asio::use_awaitable);
            }
        } else if (moved < 0 && errno == EINTR) {
            continue;
        } else if (moved == 0 || errno != EAGAIN || !co_await wait_writable()) {
            co_return false;  // the reader left, or the file became shorter
        }
    }
    co_return true;
}

// Always false: the stream runs when the request is done with, and the connection ends after it.
asio::awaitable<bool> Session::send_stream_head(Response& response, Reply reply) {
    reply.keep_alive = false;
    put_head(response, reply, response.stream_length);
    const std::string head = host_->scratch;
    if (!co_await write_all(head) || reply.head_only) co_return false;
    open_stream_ = std::move(response.stream);
    chunked_ = reply.http_1_1 && !response.stream_length;
    co_return false;
}

asio::awaitable<void> Session::run_stream() {
    // An open stream needs neither; there may be thousands.
    parser_.reset();
    buffer_.reset();
    capacity_ = begin_ = end_ = 0;
    const int unsent = stream_unsent_bytes_max;
    ::setsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent);
    if (host_->stopping) co_return;
    phase_ = Phase::streaming;
    watch_reader();
    SessionStream stream(*this);
    bool whole = false;
    try {
        co_await open_stream_(stream);
        whole = true;
    } catch (...) {
        // A stream that is cut ends by operation_aborted, as it should.
        if (!left_) {
            host_->logger().error("{} {} stream ended by {}", stream_route_->method, stream_route_->pattern,
                                  current_exception_name());
        }
    }
    phase_ = Phase::busy;
    // Without the last chunk the reader knows that something is missing.
    if (whole && !left_ && chunked_) {
        std::string_view last_chunk = "0\r\n\r\n";
        if (send_now(last_chunk) == Sent::some) co_await write_all(last_chunk);
    }
}

// Notices that the reader has left while nothing is written to it.
void Session::watch_reader() {
    auto on_read = [self = shared_from_this()](error_code failure, std::size_t got) {
        if (failure == asio::error::operation_aborted || self->phase_ != Phase::streaming) return;
        if (failure) return self->cut();
        self->watched_bytes_ += static_cast<int>(got);
        if (self->watched_bytes_ < watched_bytes_max) self->watch_reader();
    };
    socket_.async_receive(asio::buffer(&watched_byte_, 1), std::move(on_read));
}

asio::awaitable<bool> Session::write_chunk(std::string chunk) {
    if (left_) co_return false;
    if (chunk.empty()) co_return true;  // an empty chunk would end the body
    auto& out = host_->scratch;
    out.clear();
    if (chunked_) {
        append_number(out, chunk.size(), 16);
        out += "\r\n";
    }
    out += chunk;
    if (chunked_) out += "\r\n";
    std::string_view bytes = out;
    const auto sent = send_now(bytes);
    if (sent == Sent::all) co_return true;
    if (sent == Sent::failed) co_return false;
    chunk.assign(bytes);
    co_return co_await write_all(chunk);
}

Session::Sent Session::send_now(std::string_view& bytes, int flags) {
    while (!bytes.empty()) {
        const ssize_t taken =
            ::send(socket_.native_handle(), bytes.data(), bytes.size(), flags | MSG_NOSIGNAL | MSG_DONTWAIT);
        if (taken > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(taken));
        } else if (taken < 0 && errno == EAGAIN) {
            return Sent::some;
        } else if (taken == 0 || errno != EINTR) {
            left_ = true;
            return Sent::failed;
        }
    }
    return Sent::all;
}

asio::awaitable<bool> Session::write_all(std::string_view bytes) {
    while (true) {
        const auto sent = send_now(bytes);
        if (sent == Sent::all) co_return true;
        if (sent == Sent::failed || !co_await wait_writable()) co_return false;
    }
}

asio::awaitable<bool> Session::wait_writable() {
    error_code failure;
    set_deadline(host_->options.write_timeout_ms);
    co_await socket_.async_wait(tcp::socket::wait_write, asio::redirect_error(asio::use_awaitable, failure));
    clear_deadline();
    if (failure) left_ = true;
    co_return !left_;
}

}  // namespace ourvidz::http
