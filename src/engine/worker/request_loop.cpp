#include "engine/worker/request_loop.h"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <exception>
#include <fstream>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "base/text.h"
#include "engine/errors.h"

namespace ourvidz::engine {
namespace {

// While a request is worked on the node hears so often that this process runs, whatever the engine is at.
constexpr std::chrono::seconds pulse_every{1};

std::uint64_t resident_bytes() {
    std::ifstream statm("/proc/self/statm");
    std::uint64_t total_pages = 0;
    std::uint64_t resident_pages = 0;
    statm >> total_pages >> resident_pages;
    return resident_pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

json::array texts(const std::vector<std::string>& words) {
    json::array list;
    for (const auto& word : words) list.emplace_back(word);
    return list;
}

Message hello_of(const WorkerInfo& info) {
    return {MessageType::hello,
            0,
            {{"protocol", protocol_version},
             {"worker", info.worker},
             {"engine", info.engine},
             {"version", info.version},
             {"back_ends", texts(info.back_ends)},
             {"capabilities", texts(info.capabilities)}},
            {}};
}

// What a `failed` message says.
json::object failure(const Error& error) {
    return {{"code", error_name(error.code)},
            {"message", without_controls(short_paths(error.detail))},
            {"field", error.field}};
}

Message memory_message() {
    return {MessageType::memory, 0, {{"resident_bytes", resident_bytes()}}, {}};
}

// Beats as long as it lives.
class Pulse {
  public:
    explicit Pulse(Channel& channel)
        : thread_([&channel](const std::stop_token& stop) { beat(channel, stop); }) {}

  private:
    static void beat(Channel& channel, const std::stop_token& stop) {
        std::mutex mutex;
        std::condition_variable_any over;
        std::unique_lock lock(mutex);
        while (!over.wait_for(lock, stop, pulse_every, [&stop] { return stop.stop_requested(); }))
            (void)channel.send(memory_message());
    }

    std::jthread thread_;
};

// One request from its first message to its answer.
class Request final : public RunIo {
  public:
    Request(Channel& channel, Message message) : channel_(channel), message_(std::move(message)) {}

    [[nodiscard]] Message& message() { return message_; }
    [[nodiscard]] std::uint32_t id() const { return message_.request; }

    void send(MessageType type, json::object body, std::string binary = {}) {
        // A send fails only when the node is gone, and then the reading thread ends the process.
        (void)channel_.send({type, message_.request, std::move(body), std::move(binary)});
    }

    void progress(std::string_view phase, int step, int steps) override {
        send(MessageType::progress, {{"phase", phase}, {"step", step}, {"steps", steps}});
    }
    void preview(int width, int height, std::string_view rgb) override {
        send(MessageType::preview, {{"width", width}, {"height", height}}, std::string(rgb));
    }
    void output(json::object body, std::string binary) override {
        send(MessageType::output, std::move(body), std::move(binary));
    }
    void token(std::string_view text) override {
        send(MessageType::token, {{"text", without_controls(text)}});
    }

    [[noreturn]] void give_up(const Error& error) override {
        send(MessageType::failed, failure(error));
        std::_Exit(0);
    }

    [[nodiscard]] bool canceled() const override { return canceled_; }

    [[nodiscard]] std::optional<InputPiece> next_input() override {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return canceled_ || !inputs_.empty(); });
        if (canceled_) return std::nullopt;
        InputPiece piece = std::move(inputs_.front());
        inputs_.pop_front();
        changed_.notify_all();
        return piece;
    }

    // Called by the reading thread; waits while too many pieces are unread.
    void add_input(InputPiece piece) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return over_ || canceled_ || inputs_.size() < input_pieces_max; });
        if (over_ || canceled_) return;
        inputs_.push_back(std::move(piece));
        changed_.notify_all();
    }
    void cancel() { set(canceled_); }
    void finish() { set(over_); }

  private:
    void set(std::atomic<bool>& flag) {
        const std::lock_guard lock(mutex_);
        flag = true;
        changed_.notify_all();
    }

    Channel& channel_;
    Message message_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<InputPiece> inputs_;
    std::atomic<bool> canceled_{false};
    std::atomic<bool> over_{false};
};

// Hands requests from the reading thread to the working thread, one at a time.
class Desk {
  public:
    // False: another request is not finished yet.
    bool open(std::shared_ptr<Request> request) {
        const std::lock_guard lock(mutex_);
        if (current_) return false;
        current_ = std::move(request);
        fresh_ = true;
        changed_.notify_all();
        return true;
    }
    // The request with this id, if it is not finished.
    std::shared_ptr<Request> find(std::uint32_t id) {
        const std::lock_guard lock(mutex_);
        return current_ && current_->id() == id ? current_ : nullptr;
    }
    // nullptr: the reading thread has been told to end.
    std::shared_ptr<Request> wait() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return fresh_ || ended_; });
        fresh_ = false;
        return current_;
    }
    void close() {
        const std::lock_guard lock(mutex_);
        current_.reset();
    }
    void end() {
        const std::lock_guard lock(mutex_);
        ended_ = true;
        changed_.notify_all();
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::shared_ptr<Request> current_;
    bool fresh_ = false;
    bool ended_ = false;
};

void refuse(Channel& channel, const Message& message, std::string detail) {
    (void)channel.send({MessageType::failed,
                        message.request,
                        {{"code", error_name(ErrorCode::conflict)}, {"message", std::move(detail)}},
                        {}});
}

// False: shutdown.
bool take(Channel& channel, Desk& desk, Message message) {
    switch (message.type) {
        case MessageType::load:
        case MessageType::unload:
        case MessageType::run: {
            auto request = std::make_shared<Request>(channel, std::move(message));
            if (!desk.open(request)) refuse(channel, request->message(), "Another request is running.");
            return true;
        }
        case MessageType::input:
            // Input for a request that has ended in the meantime is dropped.
            if (const auto request = desk.find(message.request)) {
                request->add_input({std::move(message.body), std::move(message.binary)});
            }
            return true;
        case MessageType::cancel:
            if (const auto request = desk.find(message.request)) request->cancel();
            return true;
        case MessageType::shutdown:
            return false;
        default:
            refuse(channel, message, "The message is not one for a worker.");
            return true;
    }
}

void read_messages(Channel& channel, Desk& desk) {
    while (true) {
        auto message = channel.receive(-1);
        if (!message.ok()) {
            if (message.error().code == ErrorCode::malformed_body) {
                std::fprintf(stderr, "%s\n", message.error().detail.c_str());
            }
            // Nobody is left to work for, and the engine cannot be interrupted from here.
            std::_Exit(message.error().code == ErrorCode::malformed_body ? 1 : 0);
        }
        if (!take(channel, desk, std::move(**message))) break;
    }
    desk.end();
}

// What a request comes to: the type of its last message and that message's JSON.
using Answer = std::pair<MessageType, json::object>;

Result<Answer> answer_to(Request& request, WorkerEngine& engine) {
    auto& message = request.message();
    if (message.type == MessageType::unload) {
        engine.unload();
        return Answer(MessageType::unloaded, json::object());
    }
    if (message.type == MessageType::load) {
        const auto start = std::chrono::steady_clock::now();
        OURVIDZ_TRY(model, model_files_from(message.body));
        OURVIDZ_CHECK(engine.load(model, request));
        const auto spent = std::chrono::steady_clock::now() - start;
        return Answer(
            MessageType::loaded,
            json::object{{"memory_bytes", resident_bytes()},
                         {"load_ms", std::chrono::duration_cast<std::chrono::milliseconds>(spent).count()}});
    }
    OURVIDZ_TRY(statistics, engine.run(message.body, std::move(message.binary), request));
    return Answer(MessageType::result, std::move(statistics));
}

Answer serve(Request& request, WorkerEngine& engine) {
    const auto answer = [&]() -> Result<Answer> {
        try {
            return answer_to(request, engine);
        } catch (const std::exception& exception) {
            return Error{ErrorCode::engine_failed, exception.what(), ""};
        }
    }();
    if (answer.ok()) return *answer;
    const auto& error = answer.error();
    if (error.code == ErrorCode::canceled) return {MessageType::canceled, {}};
    return {MessageType::failed, failure(error)};
}

}  // namespace

Result<void> WorkerEngine::load(const ModelFiles&, RunIo&) {
    return Error{ErrorCode::unavailable, "This worker has no models to load.", ""};
}

void WorkerEngine::unload() {}

int serve_requests(Channel& channel, const WorkerInfo& info, WorkerEngine& engine) {
    if (!channel.send(hello_of(info)).ok()) return 1;
    Desk desk;
    std::thread reader([&] { read_messages(channel, desk); });
    while (const auto request = desk.wait()) {
        auto [type, body] = [&] {
            const Pulse pulse(channel);
            return serve(*request, engine);
        }();
        request->finish();
        // Before the answer, since the next request may come right after it.
        desk.close();
        (void)channel.send(memory_message());
        request->send(type, std::move(body));
    }
    reader.join();
    return 0;
}

}  // namespace ourvidz::engine
