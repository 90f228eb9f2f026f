// For tests: a server on a thread of its own, and sockets that can send what no proper client would.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <filesystem>
#include <future>
#include <string>
#include <string_view>
#include <thread>

#include "http/server.h"

namespace ourvidz::http::testing {

// Long enough for the slowest machine; nothing waits for it but a failing test.
constexpr int patience_ms = 20'000;

class TemporaryFolder {
  public:
    TemporaryFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "ourvidz-http-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) std::abort();
        path_ = name;
    }
    ~TemporaryFolder() { std::filesystem::remove_all(path_); }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

class TestServer {
  public:
    explicit TestServer(const Router& router, ServerOptions options = {}) {
        auto started = Server::start(io_, router, std::move(options));
        if (!started) {
            ADD_FAILURE() << started.error().detail;
            return;
        }
        server_ = std::move(*started);
        std::promise<void> ended;
        ended_ = ended.get_future();
        thread_ = std::thread([this, ended = std::move(ended)]() mutable {
            io_.run();
            ended.set_value();
        });
    }
    ~TestServer() {
        stop();
        if (!ends()) io_.stop();
        if (thread_.joinable()) thread_.join();
    }
    TestServer(const TestServer&) = delete;
    TestServer& operator=(const TestServer&) = delete;

    [[nodiscard]] std::uint16_t port() const { return server_->port(); }
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port()); }
    void stop() {
        asio::post(io_, [this] { server_->stop(); });
    }
    // True once the server, told to stop, has no more work.
    [[nodiscard]] bool ends() {
        return ended_.valid() &&
               ended_.wait_for(std::chrono::milliseconds(patience_ms)) == std::future_status::ready;
    }
    [[nodiscard]] int open_connections() {
        std::promise<int> count;
        auto future = count.get_future();
        asio::post(io_, [&] { count.set_value(server_->open_connections()); });
        return future.get();
    }
    [[nodiscard]] asio::io_context& io() { return io_; }

  private:
    asio::io_context io_{1};
    std::unique_ptr<Server> server_;
    std::future<void> ended_;
    std::thread thread_;
};

struct RawResponse {
    int status = 0;
    std::string head;  // with the status line, in lower case
    std::string body;  // chunks joined
    [[nodiscard]] bool has(std::string_view line) const {
        return head.find(std::string(line) + "\r\n") != head.npos;
    }
    // In lower case; empty if there is none.
    [[nodiscard]] std::string header(std::string_view lower_case_name) const {
        const auto begin = "\r\n" + std::string(lower_case_name) + ": ";
        const auto at = head.find(begin);
        if (at == std::string::npos) return "";
        const auto value = at + begin.size();
        return head.substr(value, head.find("\r\n", value) - value);
    }
};

inline std::string gunzip(std::string_view bytes) {
    z_stream stream{};
    EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    std::string out;
    std::string piece(64 * 1024, '\0');
    int status = Z_OK;
    while (status == Z_OK) {
        stream.next_out = reinterpret_cast<Bytef*>(piece.data());
        stream.avail_out = static_cast<uInt>(piece.size());
        status = inflate(&stream, Z_NO_FLUSH);
        out.append(piece, 0, piece.size() - stream.avail_out);
    }
    EXPECT_EQ(status, Z_STREAM_END);
    inflateEnd(&stream);
    return out;
}

class RawConnection {
  public:
    // `receive_bytes`: the size of the receive buffer, 0 for the system's.
    explicit RawConnection(std::uint16_t port, int receive_bytes = 0)
        : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
        if (receive_bytes > 0) ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
            ADD_FAILURE() << "cannot connect";
        }
    }
    ~RawConnection() { close(); }
    RawConnection(const RawConnection&) = delete;
    RawConnection& operator=(const RawConnection&) = delete;

    void close() {
        if (fd_ >= 0) ::close(fd_);
        fd_ = -1;
    }
    void shutdown_send() { ::shutdown(fd_, SHUT_WR); }
    // False if the server has cut the connection.
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    [[nodiscard]] pollfd readable() const { return {fd_, POLLIN, 0}; }
    // False at the end of the stream, after a reset, and after `patience_ms` (which fails the test).
    bool receive() {
        pollfd wait = readable();
        if (::poll(&wait, 1, patience_ms) != 1) {
            ADD_FAILURE() << "the server sends nothing and does not close";
            return false;
        }
        char bytes[16 * 1024];
        const ssize_t got = ::recv(fd_, bytes, sizeof bytes, 0);
        if (got <= 0) return false;
        received_.append(bytes, static_cast<std::size_t>(got));
        return true;
    }
    // Up to and with `mark`; all that came if the connection ends before.
    std::string read_until(std::string_view mark) {
        std::size_t at = 0;
        while ((at = received_.find(mark)) == std::string::npos) {
            if (!receive()) return std::exchange(received_, {});
        }
        return take(at + mark.size());
    }
    std::string read_to_end() {
        while (receive()) {
        }
        return std::exchange(received_, {});
    }
    // Reads one response. Status 0: none came.
    RawResponse read_response(bool head_only = false) {
        RawResponse response;
        response.head = read_until("\r\n\r\n");
        for (auto& c : response.head) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
        if (!response.head.starts_with("http/1.1 ")) return response;
        response.status = std::stoi(response.head.substr(9, 3));
        if (head_only || response.status == 204 || response.status == 304 || response.status == 100)
            return response;
        if (response.has("transfer-encoding: chunked")) {
            while (true) {
                const auto size = std::strtoul(read_until("\r\n").c_str(), nullptr, 16);
                response.body += read_exactly(size);
                if (read_exactly(2) != "\r\n" || size == 0) return response;
            }
        }
        const auto length = response.head.find("content-length: ");
        if (length == std::string::npos) {
            response.body = read_to_end();
        } else {
            response.body = read_exactly(std::stoul(response.head.substr(length + 16)));
        }
        return response;
    }
    RawResponse ask(std::string_view request) {
        EXPECT_TRUE(send(request));
        return read_response();
    }

  private:
    std::string read_exactly(std::size_t count) {
        while (received_.size() < count) {
            if (!receive()) break;
        }
        return take(std::min(count, received_.size()));
    }
    std::string take(std::size_t count) {
        auto taken = received_.substr(0, count);
        received_.erase(0, count);
        return taken;
    }

    int fd_;
    std::string received_;
};

inline std::string get(std::string_view path, std::string_view more_headers = "") {
    return "GET " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(more_headers) +
           "\r\n";
}

inline std::string post(std::string_view path, std::string_view body, std::string_view more_headers = "") {
    return "POST " + std::string(path) +
           " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
           std::string(more_headers) + "\r\n" + std::string(body);
}

}  // namespace ourvidz::http::testing
