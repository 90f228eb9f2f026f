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
#include "kinds/settings.h"

namespace ourvidz::node {

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
    std::string kind;  // as the server says; whether it is one that is known here, kinds::require() knows
    std::string model;
    kinds::Settings settings;  // every value that the kind has is filled in by the server
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

// The prompts that the engine gets for this picture of the batch.
[[nodiscard]] kinds::ResolvedPrompt prompt_at(const kinds::Settings& settings, int position);

}  // namespace ourvidz::node
