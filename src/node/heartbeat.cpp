#include "node/heartbeat.h"

#include <algorithm>
#include <utility>

#include "node/poll_limits.h"

namespace ourvidz::node {

Result<News> poll_server(http::Client& client, json::object body, int wait_ms) {
    body["wait_ms"] = wait_ms;
    OURVIDZ_TRY(answer, client.call("POST", "/api/v1/node/poll", body, wait_ms + poll_slack_ms));
    return news_from(answer);
}

Heartbeat::Heartbeat(const ServerAddress& server, std::string slot_id, const Lease& lease,
                     JobControl& control, NodeCounters& counters, Random random)
    : client_(server.url, server.bearer),
      slot_id_(std::move(slot_id)),
      lease_(lease),
      control_(control),
      counters_(counters),
      random_(std::move(random)),
      thread_([this](const std::stop_token& stop) { beat(stop); }) {}

Heartbeat::~Heartbeat() {
    thread_.request_stop();
    client_.interrupt();
    thread_.join();
}

void Heartbeat::beat(const std::stop_token& stop) {
    const json::object body{
        {"node_id", slot_id_},
        {"want", json::array()},
        {"running", json::array{json::object{{"attempt_id", lease_.attempt_id}, {"fence", lease_.fence}}}}};
    // Three polls fit into a lease, so that two may fail.
    const int wait_ms = lease_.lease_ms > 0 ? std::min(poll_wait_ms, lease_.lease_ms / 3) : poll_wait_ms;
    Backoff backoff(poll_retry_first_ms, poll_retry_max_ms);
    if (!node::wait_ms(std::min(first_heartbeat_ms, wait_ms), stop)) return;
    while (!stop.stop_requested()) {
        const auto news = poll_server(client_, body, wait_ms);
        if (news) {
            backoff.reset();
            take(*news);
            // After a stop the answer comes at once and says the same again until the job has ended.
            if (control_.run().stop_requested() && !node::wait_ms(wait_ms, stop)) return;
            continue;
        }
        if (stop.stop_requested()) return;
        ++counters_.polls_failed;
        if (!node::wait_ms(backoff.next_ms(random_), stop)) return;
    }
}

void Heartbeat::take(const News& news) {
    const auto names_this = [this](const std::vector<std::string>& ids) {
        return std::find(ids.begin(), ids.end(), lease_.attempt_id) != ids.end();
    };
    if (names_this(news.lost)) {
        control_.stop(StopReason::lost);
    } else if (names_this(news.cancels)) {
        control_.stop(StopReason::canceled);
    }
}

}  // namespace ourvidz::node
