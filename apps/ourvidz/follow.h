// Following one generation to its end over the event stream.
#pragma once

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

// Answers with the Generation once it is over, however it ended. A request to stop cancels it and then
// answers with what became of it. Lost connections are made again, a few times. Errors: those of the calls.
[[nodiscard]] Result<json::object> follow(const Server& server, const std::string& generation_id,
                                          Interrupt& interrupt, const FollowCallbacks& callbacks);

// The text member of that name, or empty.
[[nodiscard]] std::string text_member(const json::object& object, std::string_view name);

}  // namespace ourvidz::cli
