#include "follow.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace ourvidz::cli {
namespace {

constexpr int call_ms_max = 30'000;
constexpr int stream_silence_ms_max = 60'000;

bool is_over(const json::object& generation) {
    const auto state = text_member(generation, "state");
    return state == "succeeded" || state == "failed" || state == "canceled";
}

class Follower {
  public:
    Follower(const Server& server, std::string id, Interrupt& interrupt, const FollowCallbacks& callbacks,
             OnStop on_stop, const Reconnect& reconnect)
        : calls_(server.url, server.token),
          stream_(server.url, server.token),
          id_(std::move(id)),
          path_("/api/v1/generations/" + id_),
          interrupt_(interrupt),
          callbacks_(callbacks),
          on_stop_(on_stop),
          reconnect_(reconnect) {
        interrupt_.on_request([this] { stream_.interrupt(); });
    }
    ~Follower() { interrupt_.on_request({}); }
    Follower(const Follower&) = delete;
    Follower& operator=(const Follower&) = delete;

    Result<json::object> run() {
        while (!over_) {
            const auto ended = stream_.events("/api/v1/events", {}, stream_silence_ms_max,
                                              [this](std::string_view event, std::string_view data,
                                                     std::string_view) { return take(event, data); });
            if (over_) break;
            if (fault_) return *fault_;
            if (interrupt_.requested() && !canceling_) {
                if (on_stop_ == OnStop::leave)
                    return Error{ErrorCode::canceled, goes_on("Stopped waiting."), ""};
                OURVIDZ_CHECK(cancel());
                continue;
            }
            // The request to stop cuts the stream, and may do so a moment after it was seen above.
            if (!ended && ended.error().code == ErrorCode::canceled) continue;
            if (!ended && ended.error().code != ErrorCode::unavailable) return ended.error();
            if (++failures_ > reconnect_.failures_max) {
                return Error{ErrorCode::unavailable, goes_on("The connection to the server is lost."), ""};
            }
            pause(reconnect_.first * (1 << (failures_ - 1)));
        }
        return final_state();
    }

  private:
    [[nodiscard]] std::string goes_on(const std::string& why) const {
        return why + " The generation is not lost; this waits for it and saves it: ourvidz fetch " + id_;
    }

    // False ends the stream.
    bool take(std::string_view event, std::string_view data) {
        auto object = parse_json_object(data);
        if (!object) return true;
        if (event == "hello" || event == "reset") {
            // Whatever happened before this connection is in the generation itself.
            auto state = fetch();
            if (state) {
                failures_ = 0;
                return take_generation(*state);
            }
            if (state.error().code != ErrorCode::unavailable) fault_ = state.error();
            return false;
        }
        if (event == "generation" && text_member(*object, "id") == id_) return take_generation(*object);
        if (text_member(*object, "generation_id") != id_) return true;
        if (event == "progress" && callbacks_.progress) callbacks_.progress(*object);
        if (event == "text") take_text(*object);
        return true;
    }

    bool take_generation(const json::object& generation) {
        if (const auto* progress = generation.if_contains("progress");
            progress != nullptr && progress->is_object() && callbacks_.progress) {
            callbacks_.progress(progress->get_object());
        }
        over_ = is_over(generation);
        return !over_;
    }

    void take_text(const json::object& event) {
        const auto* offset = event.if_contains("offset");
        if (offset == nullptr || !offset->is_int64() || offset->get_int64() < 0) return;
        say(static_cast<std::size_t>(offset->get_int64()), text_member(event, "text"));
    }

    // Says what is new of `text`, whose first byte stands at `offset` of the answer.
    void say(std::size_t offset, std::string_view text) {
        if (!callbacks_.words || offset > said_bytes_ || offset + text.size() <= said_bytes_) return;
        const auto fresh = text.substr(said_bytes_ - offset);
        callbacks_.words(fresh);
        said_bytes_ += fresh.size();
    }

    Result<json::object> fetch() {
        OURVIDZ_TRY(value, calls_.call("GET", path_, nullptr, call_ms_max));
        if (!value.is_object())
            return Error{ErrorCode::unavailable, "The server's answer cannot be read.", ""};
        return std::move(value.get_object());
    }

    Result<json::object> final_state() {
        OURVIDZ_TRY(generation, fetch());
        say(0, text_member(generation, "text"));
        return std::move(generation);
    }

    // The engine stops within a step, so the end is waited for like any other.
    Result<void> cancel() {
        canceling_ = true;
        auto answer = calls_.call("POST", path_ + "/cancel", json::object(), call_ms_max);
        if (!answer) return answer.error();
        return {};
    }

    // Until the time is over, or a first request to stop comes.
    void pause(std::chrono::milliseconds time) {
        if (canceling_) {
            std::this_thread::sleep_for(time);
        } else {
            (void)interrupt_.wait(time);
        }
    }

    http::Client calls_;
    http::Client stream_;
    std::string id_;
    std::string path_;
    Interrupt& interrupt_;
    const FollowCallbacks& callbacks_;
    const OnStop on_stop_;
    const Reconnect reconnect_;
    bool over_ = false;
    bool canceling_ = false;
    int failures_ = 0;
    std::size_t said_bytes_ = 0;
    std::optional<Error> fault_;
};

}  // namespace

std::string text_member(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

Result<json::object> follow(const Server& server, const std::string& generation_id, Interrupt& interrupt,
                            const FollowCallbacks& callbacks, OnStop on_stop, const Reconnect& reconnect) {
    return Follower(server, generation_id, interrupt, callbacks, on_stop, reconnect).run();
}

}  // namespace ourvidz::cli
