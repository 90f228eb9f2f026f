#include "follow.h"

#include <algorithm>
#include <chrono>

namespace ourvidz::cli {
namespace {

using namespace std::chrono_literals;

constexpr int call_ms_max = 30'000;
constexpr int stream_silence_ms_max = 60'000;
constexpr int failures_max = 6;

bool is_over(const json::object& generation) {
    const auto state = text_member(generation, "state");
    return state == "succeeded" || state == "failed" || state == "canceled";
}

class Follower {
  public:
    Follower(const Server& server, std::string id, Interrupt& interrupt, const FollowCallbacks& callbacks)
        : calls_(server.url, server.token),
          stream_(server.url, server.token),
          id_(std::move(id)),
          path_("/api/v1/generations/" + id_),
          interrupt_(interrupt),
          callbacks_(callbacks) {
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
            if (interrupt_.requested()) return cancel();
            if (!ended && ended.error().code != ErrorCode::unavailable) return ended.error();
            if (++failures_ > failures_max) {
                return Error{ErrorCode::unavailable,
                             "The connection to the server is lost. The generation goes on there: " + id_,
                             ""};
            }
            if (!interrupt_.wait(250ms * (1 << failures_))) return cancel();
        }
        return final_state();
    }

  private:
    // False ends the stream.
    bool take(std::string_view event, std::string_view data) {
        auto object = parse_json_object(data);
        if (!object) return true;
        if (event == "hello" || event == "reset") {
            // Whatever happened before this connection is in the generation itself.
            failures_ = 0;
            auto state = fetch();
            if (state) return take_generation(*state);
            if (state.error().code == ErrorCode::unavailable) return true;
            fault_ = state.error();
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

    Result<json::object> cancel() {
        OURVIDZ_TRY(value, calls_.call("POST", path_ + "/cancel", json::object(), call_ms_max));
        (void)value;
        return final_state();
    }

    http::Client calls_;
    http::Client stream_;
    std::string id_;
    std::string path_;
    Interrupt& interrupt_;
    const FollowCallbacks& callbacks_;
    bool over_ = false;
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
                            const FollowCallbacks& callbacks) {
    return Follower(server, generation_id, interrupt, callbacks).run();
}

}  // namespace ourvidz::cli
