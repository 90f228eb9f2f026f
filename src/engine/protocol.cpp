#include "engine/protocol.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cassert>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <mutex>

namespace ourvidz::engine {
namespace {

constexpr std::string_view magic = "OVW1";
constexpr std::size_t read_bytes = 256U << 10U;
// A buffer that once held a big frame is given back when it is empty again.
constexpr std::size_t kept_buffer_bytes = 4U << 20U;

void put16(char* to, std::uint16_t value) {
    to[0] = static_cast<char>(value & 0xFFU);
    to[1] = static_cast<char>(value >> 8U);
}

void put32(char* to, std::uint32_t value) {
    for (int i = 0; i < 4; ++i) to[i] = static_cast<char>((value >> (8U * i)) & 0xFFU);
}

std::uint16_t get16(const char* from) {
    return static_cast<std::uint16_t>(static_cast<unsigned char>(from[0]) |
                                      static_cast<unsigned char>(from[1]) << 8U);
}

std::uint32_t get32(const char* from) {
    std::uint32_t value = 0;
    for (int i = 3; i >= 0; --i) value = value << 8U | static_cast<unsigned char>(from[i]);
    return value;
}

bool is_known(std::uint16_t type) {
    constexpr auto first_of_worker = static_cast<std::uint16_t>(MessageType::hello);
    constexpr auto last_of_worker = static_cast<std::uint16_t>(MessageType::log);
    constexpr auto first_of_node = static_cast<std::uint16_t>(MessageType::load);
    constexpr auto last_of_node = static_cast<std::uint16_t>(MessageType::shutdown);
    return (type >= first_of_worker && type <= last_of_worker) ||
           (type >= first_of_node && type <= last_of_node);
}

std::array<char, frame_header_bytes> header_of(const Message& message, std::size_t json_bytes) {
    std::array<char, frame_header_bytes> header{};
    std::memcpy(header.data(), magic.data(), magic.size());
    put16(&header[4], static_cast<std::uint16_t>(message.type));
    put16(&header[6], 0);
    put32(&header[8], message.request);
    put32(&header[12], static_cast<std::uint32_t>(json_bytes));
    put32(&header[16], static_cast<std::uint32_t>(message.binary.size()));
    return header;
}

std::string json_of(const Message& message) {
    return message.body.empty() ? std::string() : json::serialize(message.body);
}

Error malformed(std::string detail) {
    return Error{ErrorCode::malformed_body, std::move(detail), ""};
}
Error gone() {
    return Error{ErrorCode::unavailable, "The other end of the worker's socket is gone.", ""};
}

}  // namespace

std::string encode(const Message& message) {
    const std::string body = json_of(message);
    assert(body.size() <= json_bytes_max && message.binary.size() <= binary_bytes_max);
    const auto header = header_of(message, body.size());
    std::string frame;
    frame.reserve(header.size() + body.size() + message.binary.size());
    frame.append(header.data(), header.size());
    frame += body;
    frame += message.binary;
    return frame;
}

void Decoder::feed(std::string_view bytes) {
    if (fault_) return;
    if (taken_ == buffer_.size()) {
        buffer_.clear();
        taken_ = 0;
        if (buffer_.capacity() > kept_buffer_bytes) buffer_.shrink_to_fit();
    } else if (taken_ > buffer_.size() / 2) {
        buffer_.erase(0, taken_);
        taken_ = 0;
    }
    buffer_.append(bytes);
}

Result<std::optional<Message>> Decoder::next() {
    const auto fail = [this](std::string detail) {
        fault_ = malformed(std::move(detail));
        buffer_ = {};
        taken_ = 0;
        return *fault_;
    };
    if (fault_) return *fault_;
    const auto held = std::string_view(buffer_).substr(taken_);
    if (!held.empty() &&
        held.substr(0, magic.size()) != magic.substr(0, std::min(held.size(), magic.size()))) {
        return fail("The frame does not start with the worker protocol's magic.");
    }
    if (held.size() < frame_header_bytes) return std::optional<Message>();

    const char* header = held.data();
    const auto type = get16(header + 4);
    const auto json_bytes = get32(header + 12);
    const auto binary_bytes = get32(header + 16);
    if (!is_known(type)) return fail("The frame has the unknown type " + std::to_string(type) + ".");
    if (get16(header + 6) != 0) return fail("The frame's reserved bytes are not 0.");
    if (json_bytes > json_bytes_max) return fail("The frame's JSON part is over its limit.");
    if (binary_bytes > binary_bytes_max) return fail("The frame's binary part is over its limit.");

    const std::size_t total = frame_header_bytes + json_bytes + binary_bytes;
    if (held.size() < total) return std::optional<Message>();

    Message message;
    message.type = static_cast<MessageType>(type);
    message.request = get32(header + 8);
    if (json_bytes > 0) {
        auto body = parse_json_object(held.substr(frame_header_bytes, json_bytes));
        if (!body.ok()) return fail("The frame's JSON part is not a JSON object.");
        message.body = std::move(*body);
    }
    message.binary = held.substr(frame_header_bytes + json_bytes, binary_bytes);
    taken_ += total;
    return std::optional<Message>(std::move(message));
}

struct Channel::State {
    int socket;
    std::mutex sending;
    std::atomic<bool> closed{false};
    Decoder decoder;
    std::string read_buffer = std::string(read_bytes, '\0');

    // All of `parts`, however often the kernel takes only some.
    bool write_all(iovec* parts, std::size_t count) {
        while (count > 0) {
            msghdr header{};
            header.msg_iov = parts;
            header.msg_iovlen = count;
            auto written = sendmsg(socket, &header, MSG_NOSIGNAL);
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) return false;
            while (count > 0 && static_cast<std::size_t>(written) >= parts->iov_len) {
                written -= static_cast<ssize_t>(parts->iov_len);
                ++parts;
                --count;
            }
            if (count > 0) {
                parts->iov_base = static_cast<char*>(parts->iov_base) + written;
                parts->iov_len -= static_cast<std::size_t>(written);
            }
        }
        return true;
    }
};

Channel::Channel(int socket) : state_(std::make_unique<State>()) {
    state_->socket = socket;
}

Channel::~Channel() {
    ::close(state_->socket);
}

Result<void> Channel::send(const Message& message) {
    std::string body = json_of(message);
    if (body.size() > json_bytes_max || message.binary.size() > binary_bytes_max) {
        return Error{ErrorCode::too_large, "The message is too large for one frame.", ""};
    }
    auto header = header_of(message, body.size());
    std::array<iovec, 3> parts{iovec{header.data(), header.size()}, iovec{body.data(), body.size()},
                               iovec{const_cast<char*>(message.binary.data()), message.binary.size()}};
    const std::lock_guard lock(state_->sending);
    if (state_->closed || !state_->write_all(parts.data(), parts.size())) return gone();
    return {};
}

Result<std::optional<Message>> Channel::receive(int timeout_ms) {
    using Steady = std::chrono::steady_clock;
    const auto deadline = Steady::now() + std::chrono::milliseconds(timeout_ms);
    while (true) {
        OURVIDZ_TRY(message, state_->decoder.next());
        if (message) return std::move(message);
        if (state_->closed) return gone();

        int wait_ms = -1;
        if (timeout_ms >= 0) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Steady::now()).count();
            wait_ms = static_cast<int>(std::max<std::int64_t>(left, 0));
        }
        pollfd event{state_->socket, POLLIN, 0};
        const int ready = poll(&event, 1, wait_ms);
        if (ready == 0) return std::optional<Message>();
        if (ready < 0 && errno == EINTR) continue;

        const auto got = recv(state_->socket, state_->read_buffer.data(), state_->read_buffer.size(), 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return gone();
        state_->decoder.feed(std::string_view(state_->read_buffer).substr(0, static_cast<std::size_t>(got)));
    }
}

void Channel::close() {
    state_->closed = true;
    shutdown(state_->socket, SHUT_RDWR);
}

}  // namespace ourvidz::engine
