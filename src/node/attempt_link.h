// What the node tells the server about one attempt. Every call carries the attempt's fence, so that an
// attempt that is no longer live changes nothing.
//
// This is bare transport: it does not know what may be seen. Only Delivery (delivery.h) makes the calls that
// carry what an engine made, and it takes nothing but what the gate has released.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "http/client.h"
#include "node/backoff.h"
#include "node/lease.h"

namespace ourvidz::node {

struct ServerAddress {
    std::string url;
    std::string bearer;
};

// While the server is away, results wait for it.
struct PatienceLimits {
    int call_timeout_ms = 20'000;
    int retry_first_ms = 50;
    int retry_max_ms = 2'000;
    int give_up_after_ms = 600'000;  // from the first try of one result
};

class AttemptLink {
  public:
    // `abandon`: once requested, nothing is tried again.
    AttemptLink(const ServerAddress& server, std::string attempt_id, std::int64_t fence,
                PatienceLimits limits, Random random, std::stop_token abandon);

    // Calls of the moment: one try, since a later one says more.
    [[nodiscard]] Result<void> progress(json::object body);
    [[nodiscard]] Result<void> preview(int position, std::string_view webp);

    // Results: tried until the server has answered. Errors: lease_lost when the attempt is not live any more
    // (or is not known), unavailable after give_up_after_ms, or what the server says is wrong with it.
    [[nodiscard]] Result<std::string> file(std::string_view content_type, std::string_view bytes);
    [[nodiscard]] Result<void> output(json::object body);
    [[nodiscard]] Result<void> finish(json::object body);

    // Its bytes, which are those that the lease names by their hash; unavailable when they are not.
    [[nodiscard]] Result<std::string> input(const Input& input);

    // Makes a call in progress on another thread return soon.
    void interrupt() { client_.interrupt(); }

  private:
    [[nodiscard]] Result<http::Reply> once(std::string_view method, const std::string& path,
                                           std::string_view body, std::string_view content_type);
    [[nodiscard]] Result<http::Reply> until_answered(std::string_view method, const std::string& path,
                                                     std::string_view body, std::string_view content_type);
    [[nodiscard]] std::string path_of(std::string_view what) const;
    [[nodiscard]] std::string with_fence(json::object body) const;

    http::Client client_;
    std::string attempt_id_;
    std::int64_t fence_;
    PatienceLimits limits_;
    Random random_;
    std::stop_token abandon_;
};

// Waits, but no longer than until `stop` is requested; false if it was.
bool wait_ms(int ms, const std::stop_token& stop);

}  // namespace ourvidz::node
