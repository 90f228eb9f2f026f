// Times of the polls of a node.
#pragma once

namespace ourvidz::node {

constexpr int poll_wait_ms = 4'000;  // how long the server may keep a poll that has no news
// The lease is fresh when a job begins, and the shortest jobs are over before a heartbeat is of use.
constexpr int first_heartbeat_ms = 200;
constexpr int poll_slack_ms = 10'000;  // how much later its answer may come before the server counts as away
constexpr int poll_retry_first_ms = 100;
constexpr int poll_retry_max_ms = 5'000;
// A server that answers a waiting poll at once and with nothing is asked again no faster than this.
constexpr int poll_interval_ms_min = 50;
constexpr int status_interval_ms = 2'000;  // between two reports for the health page
constexpr int goodbye_ms_max = 2'000;      // for telling the server that a job goes back

}  // namespace ourvidz::node
