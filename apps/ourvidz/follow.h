// Following one generation to its end over the event stream.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "http/client.h"
#include "interrupt.h"

namespace ourvidz::cli {

struct FollowCallbacks {
    std::function<void(const json::object& progress)> progress;
    // The next words of an answer; pieces come in order and without gaps.
    std::function<void(std::string_view words)> words;
};

struct Server {
    std::string url;
    std::string token;
};

// How long a lost connection is made again: the time doubles with every failure in a row.
struct Reconnect {
    int failures_max = 6;
    std::chrono::milliseconds first{200};
};

// What a request to stop does: it cancels the generation, which is then followed to its end, or it ends the
// following alone (canceled).
enum class OnStop { cancel, leave };

// Answers with the Generation once it is over, however it ended. Errors: those of the calls.
[[nodiscard]] Result<json::object> follow(const Server& server, const std::string& generation_id,
                                          Interrupt& interrupt, const FollowCallbacks& callbacks,
                                          OnStop on_stop = OnStop::cancel, const Reconnect& reconnect = {});

// The text member of that name, or empty.
[[nodiscard]] std::string text_member(const json::object& object, std::string_view name);

}  // namespace ourvidz::cli
