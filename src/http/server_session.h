// One connection: reads requests one after another, calls their handlers, writes the responses.
#pragma once

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "http/body_sink.h"
#include "http/server.h"
#include "http/server_parser.h"

namespace ourvidz::http {

using tcp = asio::ip::tcp;

// What the server sees of a connection. Unlinks itself from its list when it goes.
class SessionEntry
    : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
  public:
    virtual ~SessionEntry() = default;
    // Ends what has waited longer than its limit.
    virtual void check_deadline() = 0;
    // The server stops: ends at once what is idle or a stream; the rest ends after its response.
    virtual void finish() = 0;
    // Ends whatever goes on.
    virtual void cut() = 0;
};

using SessionList = boost::intrusive::list<SessionEntry, boost::intrusive::constant_time_size<false>>;

// What the connections of one server share. Everything here belongs to the I/O thread.
struct SessionHost {
    const Router& router;
    ServerOptions options;
    BodyBudget budget{options.body_memory_bytes_max, options.body_patience_ms};
    SessionList sessions = {};
    int session_count = 0;
    std::int64_t now_ms = 0;   // steady; as of the last sweep
    std::string date = {};     // the Date header's value; as of the last sweep
    std::string scratch = {};  // where responses are put together; free between two suspensions
    bool stopping = false;
    std::function<void()> on_last_session_ended = {};

    [[nodiscard]] spdlog::logger& logger() const;
};

// What every answer says so that no browser makes more of it than it is; ends with a line break.
inline constexpr std::string_view security_headers =
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n";
// Of an answer that brings no policy of its own: as a page it may show itself, a picture or a clip, and
// nothing else.
inline constexpr std::string_view plain_content_policy =
    "Content-Security-Policy: default-src 'none'; img-src 'self'; media-src 'self'; style-src "
    "'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n";

// Of the exception that is being handled, for logs: its text could carry private content.
[[nodiscard]] const char* current_exception_name();

class Session final : public std::enable_shared_from_this<Session>, public SessionEntry {
  public:
    // Serves until the connection ends; owns itself meanwhile.
    static void start(std::shared_ptr<SessionHost> host, tcp::socket socket);
    Session(std::shared_ptr<SessionHost> host, tcp::socket socket);
    ~Session() override;

    void check_deadline() override;
    void finish() override;
    void cut() override;

  private:
    friend class SessionStream;

    enum class Phase { idle, busy, streaming };
    enum class Sent { all, some, failed };
    struct Reply {
        bool head_only = false;
        bool keep_alive = false;
        bool http_1_1 = true;
    };

    asio::awaitable<void> run();
    // False when the connection must end.
    asio::awaitable<bool> serve_one();
    asio::awaitable<bool> answer_one();
    asio::awaitable<bool> read_header();
    asio::awaitable<bool> read_more(std::size_t capacity_max);
    // Nothing, or why the body could not be taken; `left_` is set if the reader has left.
    asio::awaitable<Result<void>> read_body(BodySink& sink);
    asio::awaitable<bool> refuse(Response response);
    // What waits for bytes ends.
    void stop_reading();
    // Answers a request that left the connection out of step, and ends it.
    asio::awaitable<void> give_up(Error error);
    asio::awaitable<void> linger();
    [[nodiscard]] std::variant<Router::Match, Response> choose();
    // What is thrown becomes a refusal or an answer of 500.
    asio::awaitable<Admission> admit(const Router::Route& route);
    asio::awaitable<Response> call(const Router::Route& route, const Handler& handler);
    [[nodiscard]] Response failed(const Router::Route& route) const;

    asio::awaitable<bool> send(Response& response, Reply reply);
    asio::awaitable<bool> send_file(const Response& response, Reply reply);
    asio::awaitable<bool> send_stream_head(Response& response, Reply reply);
    asio::awaitable<void> run_stream();
    asio::awaitable<bool> write_all(std::string_view bytes);
    asio::awaitable<bool> write_chunk(std::string chunk);
    asio::awaitable<bool> wait_writable();
    // Removes from `bytes` what the operating system takes without waiting.
    [[nodiscard]] Sent send_now(std::string_view& bytes, int flags = 0);
    void put_head(const Response& response, Reply reply, std::optional<std::uint64_t> length);
    void watch_reader();

    [[nodiscard]] Reply reply_of() const;
    void set_deadline(int timeout_ms) { deadline_ms_ = host_->now_ms + timeout_ms; }
    void clear_deadline() { deadline_ms_ = no_deadline; }
    [[nodiscard]] std::string_view buffered() const { return {buffer_.get() + begin_, end_ - begin_}; }
    void log(std::string_view method, const Router::Route* route, int status, std::int64_t started_us) const;

    static constexpr std::int64_t no_deadline = std::numeric_limits<std::int64_t>::max();

    const std::shared_ptr<SessionHost> host_;
    tcp::socket socket_;
    std::string remote_address_;
    asio::cancellation_signal cancel_;
    std::unique_ptr<RequestParser> parser_;
    // Set by a response whose head is sent; it runs when everything else of the request is gone from memory.
    std::function<asio::awaitable<void>(Stream&)> open_stream_;
    const Router::Route* stream_route_ = nullptr;
    std::unique_ptr<char[]> buffer_;  // received and not used yet: from begin_ to end_
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::int64_t deadline_ms_ = no_deadline;
    int served_in_a_row_ = 0;  // without waiting for the reader
    int watched_bytes_ = 0;
    char watched_byte_ = 0;
    bool chunked_ = true;  // the open stream's body
    Phase phase_ = Phase::idle;
    bool left_ = false;  // the reader has left, or was cut
};

}  // namespace ourvidz::http
