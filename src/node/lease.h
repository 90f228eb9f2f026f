// What the server answers to a poll: jobs to do and attempts to stop.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "engine/requests.h"

namespace ourvidz::node {

constexpr int batch_max = 6;

// A picture's prompts as the engine is to get them.
struct ResolvedPrompt {
    std::string prompt;
    std::string negative_prompt;
};

// Every value is filled in by the server; what a kind does not use keeps its default.
struct Settings {
    std::string prompt;     // as the user wrote it
    std::string purpose;    // of chat_enhance: "prompt", "scene" or "scenes"
    std::string for_model;  // of chat_enhance: what will draw; empty: not known
    std::string negative_prompt;
    // By position; empty where what was written is for the engine as it is.
    std::vector<ResolvedPrompt> resolved;
    std::vector<engine::LoraWeight> loras;
    int width = 0;  // of what is delivered, pixels
    int height = 0;
    int steps = 0;
    double guidance = 0;
    std::string sampler;
    std::int64_t seed = 0;
    double strength = 1;
    int seconds = 0;
    int fps = 0;
};

// A file that the job starts from.
struct Input {
    std::string role;          // "source": the picture to draw over, or a clip's first frame
    std::string url;           // a path on the server; asked for with the attempt's fence
    std::string sha256;        // of the file, lower-case hex
    bool people_free = false;  // all its ancestors came from people-free models and no upload
};

struct Lease {
    std::string attempt_id;
    std::int64_t fence = 0;
    std::string job_id;
    std::string generation_id;
    std::string kind;
    std::string model;
    Settings settings;
    int batch = 1;
    std::vector<engine::ChatTurn> messages;
    std::vector<Input> inputs;
    std::set<int> done_positions;
    int lease_ms = 0;
    std::optional<double> draw_share;  // of such work, 0..1; nullopt: not measured yet

    // Null when the job has none of this role.
    [[nodiscard]] const Input* input(std::string_view role) const;
    [[nodiscard]] const Input* source() const { return input("source"); }
};

struct News {
    std::vector<Lease> leases;
    std::vector<std::string> cancels;
    std::vector<std::string> lost;
};

// Reads what it needs and ignores the rest, so that a newer server may say more. A lease that lacks its
// attempt, fence, kind or model is an error, since nothing can be done or reported with it.
[[nodiscard]] Result<News> news_from(const json::value& body);

// What the engine gets for this picture of the batch.
[[nodiscard]] ResolvedPrompt prompt_at(const Settings& settings, int position);

// The settings as they go into a recipe, with the prompts as they were written.
[[nodiscard]] json::object to_json(const Settings& settings);

}  // namespace ourvidz::node
