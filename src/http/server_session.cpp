#include "http/server_session.h"

#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <cstring>
#include <exception>
#include <typeinfo>

#include "base/text.h"
#include "http/compression.h"
#include "http/guard.h"
#include "http/problem.h"
#include "http/range.h"
#include "http/url.h"

namespace ourvidz::http {
namespace {

using boost::system::error_code;

constexpr std::size_t buffer_bytes = 4 * 1024;
constexpr std::size_t body_buffer_bytes = 64 * 1024;
constexpr std::uint64_t discarded_bytes_max =
    64 * 1024;  // of a refused request's body, to keep the connection
constexpr std::size_t lingering_bytes_max =
    32 * 1024 * 1024;  // read and dropped before a refused connection ends
constexpr int linger_timeout_ms = 2'000;
constexpr std::size_t body_progress_bytes = 16 * 1024;
constexpr int served_in_a_row_max = 32;

// Whether a Content-Type is one of `taken`, a list as in RouteOptions. Its parameters make no difference.
bool is_taken(std::string_view content_type, std::string_view taken) {
    if (taken.empty()) return true;
    const auto type = in_lower_case(content_type.substr(0, content_type.find_first_of("; \t")));
    while (true) {
        const auto comma = taken.find(", ");
        if (!type.empty() && taken.substr(0, comma) == type) return true;
        if (comma == std::string_view::npos) return false;
        taken.remove_prefix(comma + 2);
    }
}

// Whether a Content-Type leaves text in UTF-8, which is what is read.
bool is_in_utf8(std::string_view content_type) {
    constexpr std::string_view name = "charset=";
    const auto lower = in_lower_case(content_type);
    const auto at = lower.find(name);
    if (at == std::string::npos) return true;
    auto charset = std::string_view(lower).substr(at + name.size());
    if (charset.starts_with('"')) charset.remove_prefix(1);
    charset = charset.substr(0, charset.find_first_of("\"; \t"));
    return charset == "utf-8" || charset == "us-ascii";
}

// What is wrong with the form of a body before any of it is read.
std::optional<Error> form_fault(const Request& request, std::string_view taken) {
    const auto unsupported = [](const char* header, std::string detail) {
        return Error{ErrorCode::unsupported_media_type, std::move(detail), header};
    };
    const auto type = request.header("content-type");
    if (!is_taken(type, taken))
        return unsupported("Content-Type",
                           "Say with Content-Type what the body is: " + std::string(taken) + ".");
    if (!taken.empty() && !is_in_utf8(type))
        return unsupported("Content-Type", "Text is read in UTF-8 only: send it so, and say so or nothing.");
    const auto coding = in_lower_case(request.header("content-encoding"));
    if (!coding.empty() && coding != "identity")
        return unsupported("Content-Encoding", "Bodies are read as they are: send this one uncompressed.");
    return std::nullopt;
}

// Of what has one, the handler has compared it.
bool is_without_etag(const Response& response) {
    return response.status / 100 == 2 &&
           std::none_of(response.headers.begin(), response.headers.end(),
                        [](const auto& header) { return header.first == "ETag"; });
}

std::int64_t steady_us() {
    using namespace std::chrono;
    return duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count();
}

}  // namespace

spdlog::logger& SessionHost::logger() const {
    return options.log ? *options.log : *spdlog::default_logger_raw();
}

const char* current_exception_name() {
    try {
        throw;
    } catch (const std::exception& error) {
        return typeid(error).name();
    } catch (...) {
        return "unknown";
    }
}

Session::Session(std::shared_ptr<SessionHost> host, tcp::socket socket)
    : host_(std::move(host)), socket_(std::move(socket)) {
    error_code ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
    const auto remote = socket_.remote_endpoint(ignored);
    remote_address_ = remote.address().to_string();
    host_->sessions.push_back(*this);
    ++host_->session_count;
}

Session::~Session() {
    unlink();
    if (--host_->session_count == 0 && host_->on_last_session_ended) host_->on_last_session_ended();
}

void Session::start(std::shared_ptr<SessionHost> host, tcp::socket socket) {
    auto session = std::make_shared<Session>(std::move(host), std::move(socket));
    auto* raw = session.get();
    auto on_end = [session = std::move(session)](std::exception_ptr failure) {
        if (!failure) return;
        try {
            std::rethrow_exception(failure);
        } catch (const boost::system::system_error& error) {
            if (error.code() == asio::error::operation_aborted) return;  // cut()
            session->host_->logger().error("connection ended by {}", error.code().to_string());
        } catch (...) {
            session->host_->logger().error("connection ended by {}", current_exception_name());
        }
    };
    asio::co_spawn(raw->socket_.get_executor(), raw->run(),
                   asio::bind_cancellation_slot(raw->cancel_.slot(), std::move(on_end)));
}

void Session::check_deadline() {
    if (host_->now_ms < deadline_ms_) return;
    clear_deadline();
    left_ = true;
    stop_reading();
}

void Session::finish() {
    if (phase_ == Phase::streaming) return cut();
    if (phase_ == Phase::idle) stop_reading();
}

void Session::stop_reading() {
    error_code ignored;
    socket_.cancel(ignored);
}

void Session::cut() {
    left_ = true;
    cancel_.emit(asio::cancellation_type::terminal);
    error_code ignored;
    socket_.cancel(ignored);
}

asio::awaitable<void> Session::run() {
    parser_ = std::make_unique<RequestParser>(host_->options.header_bytes_max);
    while (co_await serve_one()) {
        if (++served_in_a_row_ < served_in_a_row_max) continue;
        served_in_a_row_ = 0;
        co_await asio::post(asio::use_awaitable);
    }
    if (open_stream_) co_await run_stream();
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_both, ignored);
    socket_.close(ignored);
}

asio::awaitable<bool> Session::serve_one() {
    const bool there = co_await read_header();
    if (!there) co_return false;
    const bool goes_on = co_await answer_one();
    co_return goes_on;
}

// What a request needs is kept here and not in serve_one(), which is there for as long as a connection waits.
asio::awaitable<bool> Session::answer_one() {
    const auto started_us = steady_us();
    auto choice = choose();
    if (auto* refusal = std::get_if<Response>(&choice)) {
        log(parser_->request().method, nullptr, refusal->status, started_us);
        co_return co_await refuse(std::move(*refusal));
    }
    auto& match = std::get<Router::Match>(choice);
    parser_->request().parameters = std::move(match.parameters);
    const auto& route = *match.route;
    const Handler* handler = &route.handler;
    Admission admission;
    std::optional<Response> refusal;
    if (route.admit) {
        admission = co_await admit(route);
        handler = std::get_if<Handler>(&admission);
        if (handler == nullptr) refusal = std::move(std::get<Response>(admission));
    }
    const auto unmet = unmet_without_etag(parser_->request());
    if (!refusal && unmet && !changes_nothing(route.method)) refusal = problem(*unmet);
    if (refusal) {
        log(route.method, &route, refusal->status, started_us);
        co_return co_await refuse(std::move(*refusal));
    }
    BodySink sink;
    auto taken = sink.open(route.options, {host_->options.spool_folder, host_->budget, host_->now_ms,
                                           parser_->content_length(), [this] { stop_reading(); }});
    if (taken && !parser_->done()) taken = co_await read_body(sink);
    if (!taken) {
        log(route.method, &route, status_of(taken.error().code), started_us);
        if (!left_) co_await give_up(taken.error());
        co_return false;
    }
    sink.finish(parser_->request());
    auto reply = reply_of();
    const std::string accept_encoding(parser_->request().header("accept-encoding"));
    auto response = co_await call(route, *handler);
    sink.answered();
    if (unmet && is_without_etag(response)) response = problem(*unmet);
    compress_json(response, accept_encoding, compressed_at_once_bytes_max);
    reply.keep_alive = reply.keep_alive && !host_->stopping;
    const int status = response.status;
    stream_route_ = &route;
    const bool sent = co_await send(response, reply);
    log(route.method, &route, status, started_us);
    co_return sent&& reply.keep_alive;
}

// Reads up to the end of the next request's header; false if there is none.
asio::awaitable<bool> Session::read_header() {
    parser_->reset();
    phase_ = Phase::idle;
    set_deadline(host_->options.idle_timeout_ms);
    std::size_t header_bytes = 0;
    while (true) {
        // Empty lines before a request are what old clients send after a body.
        while (phase_ == Phase::idle && buffered().starts_with("\r\n")) begin_ += 2;
        if (phase_ == Phase::idle && buffered() == "\r") {
            if (!co_await read_more(host_->options.header_bytes_max)) co_return false;
            continue;
        }
        if (begin_ < end_) {
            if (phase_ == Phase::idle) set_deadline(host_->options.header_timeout_ms);
            phase_ = Phase::busy;
            const auto taken = parser_->put(buffered());
            if (!taken) {
                co_await give_up(taken.error());
                co_return false;
            }
            begin_ += *taken;
            header_bytes += *taken;
            if (header_bytes > host_->options.header_bytes_max) {
                co_await give_up(Error{ErrorCode::too_large, "The header is too large.", ""});
                co_return false;
            }
            if (parser_->header_done()) break;
        }
        if (phase_ == Phase::idle && host_->stopping) co_return false;
        if (!co_await read_more(host_->options.header_bytes_max)) co_return false;
    }
    clear_deadline();
    co_return true;
}

// False at the end, after a timeout, and if the buffer is full although it has as many bytes as it may have.
asio::awaitable<bool> Session::read_more(std::size_t capacity_max) {
    if (begin_ == end_) begin_ = end_ = 0;
    if (end_ == capacity_ && begin_ > 0) {
        std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    if (end_ == capacity_) {
        if (capacity_ >= capacity_max) co_return false;
        const auto wanted = std::min(capacity_max, std::max(buffer_bytes, capacity_ * 4));
        auto larger = std::make_unique<char[]>(wanted);
        if (end_ > 0) std::memcpy(larger.get(), buffer_.get(), end_);
        buffer_ = std::move(larger);
        capacity_ = wanted;
    }
    error_code failure;
    const auto space = asio::buffer(buffer_.get() + end_, capacity_ - end_);
    served_in_a_row_ = 0;
    const auto got =
        co_await socket_.async_read_some(space, asio::redirect_error(asio::use_awaitable, failure));
    if (failure) left_ = true;
    end_ += got;
    co_return !failure;
}

asio::awaitable<Result<void>> Session::read_body(BodySink& sink) {
    parser_->set_sink(sink);
    if (parser_->expects_continue() && begin_ == end_) {
        std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        if (send_now(go_on) != Sent::all) left_ = true;
    }
    std::size_t progress = body_progress_bytes;
    while (!left_) {
        if (begin_ < end_) {
            const auto taken = parser_->put(buffered());
            if (!taken) co_return taken.error();
            begin_ += *taken;
            progress += *taken;
            if (parser_->done()) break;
            if (*taken > 0) continue;
        }
        if (progress >= body_progress_bytes) {
            set_deadline(host_->options.body_timeout_ms);
            progress = 0;
        }
        if (!co_await read_more(body_buffer_bytes)) break;
    }
    clear_deadline();
    if (sink.lost()) {
        left_ = false;  // stop_reading() looks like that
        co_return no_room_for_body();
    }
    if (left_ || !parser_->done())
        co_return Error{ErrorCode::malformed_body, "The body is not complete.", ""};
    co_return Result<void>();
}

// Checks everything that the header tells: who may ask, what is asked for, how much comes.
std::variant<Router::Match, Response> Session::choose() {
    auto& request = parser_->request();
    request.remote_address = remote_address_;
    if (parser_->is_http_1_1() && !request.headers.contains("host")) {
        return problem(Error{ErrorCode::malformed_body, "The Host header is missing.", ""});
    }
    const auto target = split_target(parser_->target());
    if (target && target->authority) {
        // A whole URL says itself whom it is for, and Host is not asked (RFC 9112, 3.2.2).
        if (target->authority->empty() || !parse_authority(*target->authority))
            return problem(Error{ErrorCode::malformed_body, "The address is not valid.", ""});
        request.headers.insert_or_assign("host", std::string(*target->authority));
    }
    if (auto fault = refuse_foreign(request, host_->options.allowed_hosts)) return problem(*fault);
    auto path = target ? percent_decode(target->raw_path) : std::nullopt;
    std::string repeated;
    auto query = target ? parse_query(target->raw_query, &repeated) : std::nullopt;
    if (!path || !query) return problem(Error{ErrorCode::malformed_body, "The address is not valid.", ""});
    request.path = std::move(*path);
    request.query = std::move(*query);
    auto match = host_->router.find(request.method, target->raw_path);
    if (match.route == nullptr && match.allowed_methods.empty()) {
        return problem(Error{ErrorCode::not_found, "There is nothing at this address.", ""});
    }
    if (match.route == nullptr) {
        auto response =
            problem(Error{ErrorCode::method_not_allowed, "Allowed here: " + match.allowed_methods + ".", ""});
        response.headers.emplace_back("Allow", match.allowed_methods);
        return response;
    }
    // Whoever wrote it twice meant one of the two, and we do not know which. Pages of the web app may have
    // any query.
    if (!repeated.empty() && request.path.starts_with("/api/"))
        return problem(invalid_field(repeated, "is in the address more than once"));
    const auto& options = match.route->options;
    if (const auto fault = form_fault(request, options.content_types)) return problem(*fault);
    const auto length = parser_->content_length();
    if (length && *length > options.body_bytes_max) return problem(body_too_large(options.body_bytes_max));
    return match;
}

asio::awaitable<bool> Session::refuse(Response response) {
    auto reply = reply_of();
    bool in_step = parser_->done();
    if (!in_step) {
        const bool reader_waits = parser_->expects_continue() && begin_ == end_;
        const auto length = parser_->content_length();
        if (!reader_waits && length && *length <= discarded_bytes_max) {
            BodySink nowhere(discarded_bytes_max);
            const auto taken = co_await read_body(nowhere);
            if (left_) co_return false;
            in_step = taken.ok();
        }
    }
    // Whoever sends what cannot be read may mean something else by what follows as well.
    reply.keep_alive = reply.keep_alive && in_step && response.status != status_of(ErrorCode::malformed_body);
    const bool sent = co_await send(response, reply);
    if (sent && !in_step) co_await linger();
    co_return sent&& reply.keep_alive;
}

asio::awaitable<void> Session::give_up(Error error) {
    auto response = problem(error);
    const Reply reply{false, false, true};
    if (co_await send(response, reply)) co_await linger();
}

// Closing while bytes come in would reset the connection, and the reader could lose the response.
asio::awaitable<void> Session::linger() {
    error_code failure;
    socket_.shutdown(tcp::socket::shutdown_send, failure);
    set_deadline(linger_timeout_ms);
    std::size_t dropped = 0;
    while (!left_ && !failure && dropped < lingering_bytes_max) {
        begin_ = end_ = 0;
        if (!co_await read_more(body_buffer_bytes)) break;
        dropped += end_;
    }
}

asio::awaitable<Admission> Session::admit(const Router::Route& route) {
    std::optional<Admission> admission;
    try {
        admission = co_await route.admit(parser_->request());
    } catch (const boost::system::system_error& error) {
        if (left_ && error.code() == asio::error::operation_aborted) throw;  // cut()
        admission = failed(route);
    } catch (...) {
        admission = failed(route);
    }
    co_return std::move(*admission);
}

asio::awaitable<Response> Session::call(const Router::Route& route, const Handler& handler) {
    std::optional<Response> response;
    try {
        response = co_await handler(std::move(parser_->request()));
    } catch (const boost::system::system_error& error) {
        if (left_ && error.code() == asio::error::operation_aborted) throw;  // cut()
        response = failed(route);
    } catch (...) {
        response = failed(route);
    }
    co_return std::move(*response);
}

// Of the exception that is being handled.
Response Session::failed(const Router::Route& route) const {
    host_->logger().error("{} {} threw {}", route.method, route.pattern, current_exception_name());
    return problem(Error{ErrorCode::internal, "Something went wrong here; it has been logged.", ""});
}

Session::Reply Session::reply_of() const {
    return {parser_->request().method == "HEAD", parser_->keep_alive() && !host_->stopping,
            parser_->is_http_1_1()};
}

void Session::log(std::string_view method, const Router::Route* route, int status,
                  std::int64_t started_us) const {
    auto& logger = host_->logger();
    const auto level = status >= 500 ? spdlog::level::err : spdlog::level::debug;
    if (!logger.should_log(level)) return;
    // Without a route even the method is whatever somebody sent.
    logger.log(level, "{} {} {} {} us", route == nullptr ? std::string_view("-") : method,
               route == nullptr ? std::string_view("-") : std::string_view(route->pattern), status,
               steady_us() - started_us);
}

}  // namespace ourvidz::http
