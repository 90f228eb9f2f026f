// The bodies that a node sends, read and checked. Their shapes are in api/openapi.yaml.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "generations/generations_jobs.h"
#include "generations/node_board.h"
#include "http/server.h"
#include "queue/queue.h"

namespace ourvidz::generations {

struct PollMessage {
    struct Want {
        std::vector<std::string> kinds;
        int count = 0;
    };
    std::string node_id;
    std::int64_t wait_ms = 0;
    std::vector<Want> want;
    std::vector<queue::Held> running;
    std::optional<NodeStatus> status;  // without seen_at
    std::optional<NodeCard> card;      // the same
};
[[nodiscard]] Result<PollMessage> read_poll(const std::string& body);

struct ProgressMessage {
    std::int64_t fence = 0;
    std::string phase;
    double fraction = 0;
    std::int64_t position = 0;
    std::optional<std::int64_t> step;
    std::optional<std::int64_t> steps;
    std::optional<std::string> text;
};
[[nodiscard]] Result<ProgressMessage> read_progress(const std::string& body);

struct OutputMessage {
    std::int64_t fence = 0;
    Output output;  // its files have only variant, key and content type
};
[[nodiscard]] Result<OutputMessage> read_output(const std::string& body);

struct FinishMessage {
    std::int64_t fence = 0;
    Finish finish;
};
[[nodiscard]] Result<FinishMessage> read_finish(const std::string& body);

}  // namespace ourvidz::generations
