#include "engine/remote/worker_link.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "engine/errors.h"
#include "engine/protocol.h"
#include "engine/remote/child_process.h"

namespace ourvidz::engine {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t names_max = 64;
constexpr int exit_wait_ms = 5'000;
// How often a waiting request looks whether it was stopped and whether its time is up.
constexpr int look_ms = 100;

// What a worker gets of our environment: the names of cards and of the libraries for them, and settings of
// sanitizers; nothing with a secret in it.
constexpr std::array passed_on{"CUDA_VISIBLE_DEVICES",
                               "HIP_VISIBLE_DEVICES",
                               "ROCR_VISIBLE_DEVICES",
                               "GGML_VK_VISIBLE_DEVICES",
                               "VK_ICD_FILENAMES",
                               "LD_LIBRARY_PATH",
                               "HOME",
                               "TMPDIR",
                               "UBSAN_OPTIONS",
                               "TSAN_OPTIONS"};

Environment worker_environment(const Environment& added) {
    Environment environment{{"LANG", "C.UTF-8"}, {"OMP_WAIT_POLICY", "passive"}, {"GGML_NO_BACKTRACE", "1"}};
    for (const char* name : passed_on) {
        if (const char* value = std::getenv(name)) environment.emplace_back(name, value);
    }
    // The leak checker needs to trace its own process, which a worker may not.
    const char* asan = std::getenv("ASAN_OPTIONS");
    environment.emplace_back("ASAN_OPTIONS", std::string(asan != nullptr ? asan : "") + ":detect_leaks=0");
    environment.insert(environment.end(), added.begin(), added.end());
    return environment;
}

int milliseconds_since(Steady::time_point start) {
    return static_cast<int>(
        std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - start).count());
}

Error engine_failed(std::string detail) {
    return Error{ErrorCode::engine_failed, std::move(detail), ""};
}

std::vector<std::string> names_in(const json::array* list) {
    std::vector<std::string> names;
    if (list == nullptr) return names;
    for (const auto& name : *list) {
        if (name.is_string()) names.emplace_back(name.get_string());
    }
    return names;
}

Result<WorkerInfo> info_from(const Message& hello) {
    FieldReader reader(hello.body);
    WorkerInfo info;
    const auto protocol = reader.required_integer("protocol", 0, 1'000'000);
    info.worker = reader.required_text("worker", identifier_bytes_max);
    info.engine = reader.required_text("engine", identifier_bytes_max);
    info.version = reader.required_text("version", 2 * identifier_bytes_max);
    info.back_ends = names_in(reader.array("back_ends", names_max));
    info.capabilities = names_in(reader.array("capabilities", names_max));
    OURVIDZ_CHECK(reader.finish());
    if (protocol != protocol_version) {
        return Error{ErrorCode::unavailable, "The worker speaks protocol " + std::to_string(protocol) + ".",
                     ""};
    }
    return info;
}

}  // namespace

struct WorkerLink::State {
    WorkerOptions options;
    std::unique_ptr<ChildProcess> child;
    std::unique_ptr<Channel> channel;
    WorkerInfo info;
    std::uint32_t last_request = 0;
    std::atomic<std::uint64_t> resident_bytes{0};

    // The process is gone, or must go: ends it and says why.
    Error ended(const std::string& why = {}) {
        if (!why.empty()) child->kill();
        if (!child->wait(exit_wait_ms)) child->kill();
        return engine_failed("The " + (info.worker.empty() ? std::string("new") : info.worker) + " worker " +
                             (why.empty() ? child->last_words() : why) + ".");
    }

    // Messages that belong to no request.
    void take_aside(const Message& message) {
        FieldReader reader(message.body);
        if (message.type == MessageType::memory) {
            constexpr auto any = std::numeric_limits<std::int64_t>::max();
            resident_bytes = static_cast<std::uint64_t>(reader.integer("resident_bytes", 0, any).value_or(0));
        } else if (message.type == MessageType::log && options.log) {
            options.log(reader.text("level", identifier_bytes_max).value_or(""),
                        reader.text("message", json_bytes_max, Characters::any).value_or(""));
        }
    }
};

// One request in progress.
class WorkerLink::Exchange {
  public:
    Exchange(State& state, const RunCallbacks& callbacks, const OutputSink& output, std::stop_token stop)
        : state_(state), callbacks_(callbacks), output_(output), stop_(std::move(stop)) {}

    // Waits for the message that ends the request, of type `good`.
    Result<json::object> run(Message message, MessageType good, const PatienceOptions& patience,
                             const InputSource& input) {
        if (!state_.child->alive()) return Error{ErrorCode::unavailable, "The worker is gone.", ""};
        if (stop_.stop_requested()) return canceled();
        good_ = good;
        id_ = message.request = ++state_.last_request;
        if (auto sent = state_.channel->send(message); !sent.ok()) {
            return sent.error().code == ErrorCode::too_large ? sent.error() : state_.ended();
        }
        const std::stop_callback on_stop(stop_, [this] { send_cancel(); });
        std::jthread feeder;
        if (input) feeder = std::jthread([this, &input](const std::stop_token& over) { feed(input, over); });
        return wait(patience);
    }

  private:
    static Error canceled() { return Error{ErrorCode::canceled, "The request was canceled.", ""}; }

    void send_cancel() { (void)state_.channel->send({MessageType::cancel, id_, {}, {}}); }

    void feed(const InputSource& input, const std::stop_token& over) {
        while (!over.stop_requested() && !stop_.stop_requested()) {
            auto piece = input();
            if (!piece || over.stop_requested()) return;
            const Message message{MessageType::input, id_, std::move(piece->body), std::move(piece->binary)};
            if (!state_.channel->send(message).ok()) return;
        }
    }

    Result<json::object> wait(const PatienceOptions& options) {
        const auto began = Steady::now();
        Patience patience(options, 0);
        std::optional<Steady::time_point> stopped_at;
        while (true) {
            auto received = state_.channel->receive(look_ms);
            if (!received.ok()) {
                const bool nonsense = received.error().code == ErrorCode::malformed_body;
                return state_.ended(nonsense ? "does not keep to the protocol: " + received.error().detail
                                             : "");
            }
            if (received->has_value()) {
                auto& message = **received;
                const auto now = milliseconds_since(began);
                message.request == id_ ? patience.progress(now) : patience.pulse(now);
                if (auto answer = take(message)) return *std::move(answer);
            }
            const bool stopping = stop_.stop_requested() || fault_.has_value();
            if (stopping && !stopped_at) stopped_at = Steady::now();
            if (stopped_at && milliseconds_since(*stopped_at) > state_.options.cancel_timeout_ms) {
                return state_.ended("did not stop when it was asked to, and was ended");
            }
            if (const auto why = patience.exhausted(milliseconds_since(began))) return state_.ended(*why);
        }
    }

    // The result, if this message ends the request.
    std::optional<Result<json::object>> take(Message& message) {
        if (message.request != id_) {
            state_.take_aside(message);
            return std::nullopt;
        }
        if (message.type == good_) {
            if (fault_) return Result<json::object>(*fault_);
            return Result<json::object>(std::move(message.body));
        }
        switch (message.type) {
            case MessageType::canceled:
                return Result<json::object>(fault_ ? *fault_ : canceled());
            case MessageType::failed:
                return Result<json::object>(fault_ ? *fault_ : failure(message.body));
            case MessageType::progress:
                return take_progress(message.body);
            case MessageType::preview:
                return take_preview(message);
            case MessageType::output:
                return take_output(message);
            case MessageType::token:
                return take_token(message.body);
            default:
                return broken("sent a message of a type that does not belong here");
        }
    }

    std::optional<Result<json::object>> broken(const std::string& how) {
        return Result<json::object>(state_.ended(how));
    }

    static Error failure(const json::object& body) {
        FieldReader reader(body);
        auto message = reader.text("message", json_bytes_max, Characters::any).value_or("");
        const auto name = reader.text("code", identifier_bytes_max).value_or("");
        return Error{error_code_from(name),
                     message.empty() ? "The engine gave no reason." : std::move(message),
                     reader.text("field", path_bytes_max).value_or("")};
    }

    std::optional<Result<json::object>> take_progress(const json::object& body) {
        constexpr int any = std::numeric_limits<int>::max();
        FieldReader reader(body);
        Progress progress;
        progress.phase = reader.required_text("phase", identifier_bytes_max);
        progress.step = static_cast<int>(reader.required_integer("step", 0, any));
        progress.steps = static_cast<int>(reader.required_integer("steps", 0, any));
        if (!reader.finish().ok()) return broken("sent a progress message that makes no sense");
        if (callbacks_.progress) callbacks_.progress(progress);
        return std::nullopt;
    }

    std::optional<Result<json::object>> take_preview(Message& message) {
        FieldReader reader(message.body);
        safety::Picture picture;
        picture.width = static_cast<int>(reader.required_integer("width", 1, side_max));
        picture.height = static_cast<int>(reader.required_integer("height", 1, side_max));
        const auto bytes =
            static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height) * 3;
        if (!reader.finish().ok() || message.binary.size() != bytes) {
            return broken("sent a preview of the wrong size");
        }
        picture.rgb = std::move(message.binary);
        if (callbacks_.preview) callbacks_.preview(std::move(picture));
        return std::nullopt;
    }

    std::optional<Result<json::object>> take_output(Message& message) {
        if (!output_) return broken("sent an output that nobody asked for");
        if (fault_) return std::nullopt;
        if (auto taken = output_(std::move(message.body), std::move(message.binary)); !taken.ok()) {
            fault_ = taken.error();
            send_cancel();
        }
        return std::nullopt;
    }

    std::optional<Result<json::object>> take_token(const json::object& body) {
        FieldReader reader(body);
        const auto text = reader.required_text("text", json_bytes_max, Characters::lines);
        if (!reader.finish().ok()) return broken("sent a token message that makes no sense");
        if (callbacks_.token) callbacks_.token(text);
        return std::nullopt;
    }

    State& state_;
    const RunCallbacks& callbacks_;
    const OutputSink& output_;
    std::stop_token stop_;
    std::uint32_t id_ = 0;
    MessageType good_ = MessageType::result;
    std::optional<Error> fault_;  // from the output sink: why the request is being stopped
};

Result<WorkerLink::StatePointer> WorkerLink::start(WorkerOptions options) {
    std::array<int, 2> sockets{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()) != 0) {
        return Error{ErrorCode::unavailable, std::string("No socket for a worker: ") + std::strerror(errno),
                     ""};
    }
    StatePointer state(new State, [](State* held) { delete held; });
    state->channel = std::make_unique<Channel>(sockets[0]);
    OURVIDZ_TRY(child,
                ChildProcess::start(options.executable, worker_environment(options.environment), sockets[1]));
    state->child = std::move(child);
    state->options = std::move(options);
    auto hello = state->channel->receive(state->options.hello_timeout_ms);
    if (!hello.ok() || !hello->has_value() || (*hello)->type != MessageType::hello) {
        const bool late = hello.ok() && !hello->has_value();
        return Error{ErrorCode::unavailable, state->ended(late ? "said no hello in time" : "").detail, ""};
    }
    OURVIDZ_TRY(info, info_from(**hello));
    state->info = std::move(info);
    return state;
}

WorkerLink::WorkerLink(StatePointer state) : state_(std::move(state)) {}

WorkerLink::~WorkerLink() = default;

const WorkerInfo& WorkerLink::info() const {
    return state_->info;
}
pid_t WorkerLink::pid() const {
    return state_->child->pid();
}
bool WorkerLink::alive() const {
    return state_->child->alive();
}
std::uint64_t WorkerLink::resident_bytes() const {
    return state_->resident_bytes;
}
void WorkerLink::kill() {
    state_->child->kill();
}

Result<void> WorkerLink::shutdown() {
    (void)state_->channel->send({MessageType::shutdown, 0, {}, {}});
    const bool in_time = state_->child->wait(state_->options.shutdown_timeout_ms);
    if (in_time && state_->child->ended_well()) return {};
    const auto why = state_->ended(in_time ? "" : "did not end when it was asked to, and was killed");
    return Error{ErrorCode::unavailable, why.detail, ""};
}

Result<LoadReport> WorkerLink::exchange_load(const ModelFiles& model, const RunCallbacks& callbacks,
                                             std::stop_token stop) {
    const OutputSink none;
    Exchange exchange(*state_, callbacks, none, std::move(stop));
    // Loading has no steps by which its pace could be told.
    PatienceOptions patience = state_->options.patience;
    patience.silence_max_ms = patience.silence_min_ms = state_->options.load_timeout_ms;
    OURVIDZ_TRY(body,
                exchange.run({MessageType::load, 0, to_json(model), {}}, MessageType::loaded, patience, {}));
    constexpr auto any = std::numeric_limits<std::int64_t>::max();
    FieldReader reader(body);
    LoadReport report;
    report.memory_bytes = static_cast<std::uint64_t>(reader.integer("memory_bytes", 0, any).value_or(0));
    report.load_ms =
        static_cast<int>(reader.integer("load_ms", 0, std::numeric_limits<int>::max()).value_or(0));
    return report;
}

Result<void> WorkerLink::exchange_unload() {
    const RunCallbacks no_callbacks;
    const OutputSink none;
    Exchange exchange(*state_, no_callbacks, none, {});
    OURVIDZ_TRY(body, exchange.run({MessageType::unload, 0, {}, {}}, MessageType::unloaded,
                                   state_->options.patience, {}));
    (void)body;
    return {};
}

Result<json::object> WorkerLink::exchange_run(json::object body, std::string binary,
                                              const RunCallbacks& callbacks, const OutputSink& output,
                                              const InputSource& input, std::stop_token stop) {
    Exchange exchange(*state_, callbacks, output, std::move(stop));
    return exchange.run({MessageType::run, 0, std::move(body), std::move(binary)}, MessageType::result,
                        state_->options.patience, input);
}

}  // namespace ourvidz::engine
