// The worker protocol, version 1: framed messages over a stream socket between the node and one worker
// process. docs/worker-protocol.md lists every message; this header is the frame.
//
//   offset size  (little endian)
//   0      4     magic "OVW1"
//   4      2     type (MessageType)
//   6      2     reserved, 0
//   8      4     request id; 0 for messages that belong to no request
//   12     4     length of the JSON part, at most json_bytes_max
//   16     4     length of the binary part, at most binary_bytes_max
//   20           JSON object in UTF-8 (empty means {}), then the binary part
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace ourvidz::engine {

constexpr int protocol_version = 1;
constexpr std::size_t frame_header_bytes = 20;
constexpr std::uint32_t json_bytes_max = 1U << 20U;      // 1 MiB
constexpr std::uint32_t binary_bytes_max = 256U << 20U;  // 256 MiB: one 8K RGB frame fits twice

enum class MessageType : std::uint16_t {
    // worker to node
    hello = 1,      // {protocol, worker, engine, version, back_ends[], capabilities[]}; first message, once
    loaded = 2,     // {memory_bytes, load_ms}
    unloaded = 3,   // {}
    progress = 4,   // {phase, step, steps}
    preview = 5,    // {width, height}; binary RGB8, rows top to bottom, no padding
    output = 6,     // what the run made; JSON describes the binary part (see docs/worker-protocol.md)
    token = 7,      // {text}: the next piece of an answer, always whole UTF-8 characters
    result = 8,     // {…statistics}: the run is over and was good
    failed = 9,     // {code, message}: the request failed with the engine's own words; the worker lives on
    canceled = 10,  // {}: the run stopped because it was asked to
    memory = 11,    // {resident_bytes}
    log = 12,       // {level, message}; never prompts
    // node to worker
    load = 32,      // {model, family, files{}, options{}}
    unload = 33,    // {}
    run = 34,       // {task, …}; binary part is the input picture or frame, if there is one
    input = 35,     // a further piece of input for the run with this id (media worker)
    cancel = 36,    // {}: stop the run with this id
    shutdown = 37,  // {}: finish and exit with 0
};

struct Message {
    MessageType type = MessageType::log;
    std::uint32_t request = 0;
    json::object body;
    std::string binary;
};

// Encodes one frame; the sizes are checked by assertion, since we make them.
[[nodiscard]] std::string encode(const Message& message);

// Takes bytes as they come and hands out whole messages. Once it has met a fault it stays faulty.
class Decoder {
  public:
    void feed(std::string_view bytes);
    // nullopt: more bytes are needed. Error malformed_body: not our protocol; close the connection.
    [[nodiscard]] Result<std::optional<Message>> next();

  private:
    std::string buffer_;
    std::size_t taken_ = 0;
    std::optional<Error> fault_;
};

// A blocking end of the socketpair. send() is thread-safe; receive() belongs to one thread.
class Channel {
  public:
    explicit Channel(int socket);  // takes ownership
    ~Channel();
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    [[nodiscard]] Result<void> send(const Message& message);
    // nullopt: `timeout_ms` passed (negative: wait for ever). Error unavailable: the other end is gone.
    [[nodiscard]] Result<std::optional<Message>> receive(int timeout_ms);
    void close();  // wakes a receive() on another thread

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace ourvidz::engine
