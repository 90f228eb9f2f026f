// HTTP in and out of generations.
#pragma once

#include <string>

#include "generations/live_board.h"
#include "generations/metrics.h"
#include "generations/notices.h"
#include "generations/prepare.h"
#include "http/limited_pool.h"
#include "studio/module.h"

namespace ourvidz::generations {

class GenerationsApi {
  public:
    // `lookers`: the threads on which small requests are read and judged, `readers`: those for larger ones,
    // `writers`: those on which long answers are written, since the I/O thread must not.
    GenerationsApi(const Preparer& preparer, http::LimitedPool& lookers, http::LimitedPool& readers,
                   http::LimitedPool& writers, LiveBoard& live, Notices& notices, Metrics& metrics,
                   const Clock& clock, QueueLimits limits)
        : preparer_(preparer),
          lookers_(lookers),
          readers_(readers),
          writers_(writers),
          live_(live),
          notices_(notices),
          metrics_(metrics),
          clock_(clock),
          limits_(limits) {}
    [[nodiscard]] studio::Module module();

  private:
    struct Listed;
    struct Asked;
    identity::Answer create(identity::Call call);
    identity::Answer list_page(identity::Call call);
    identity::Answer get(identity::Call call);
    identity::Answer cancel_one(identity::Call call);
    identity::Answer preview(identity::Call call);
    http::asio::awaitable<Result<Asked>> ask(const identity::Call& call);
    [[nodiscard]] Result<Asked> read(const identity::Call& call) const;
    [[nodiscard]] Result<Submission> submission_of(const identity::Call& call,
                                                   const Prepared& prepared) const;
    [[nodiscard]] Result<events::Shown> read_subject(db::Connection& connection,
                                                     const std::string& workspace_id,
                                                     const std::string& id) const;
    [[nodiscard]] Result<Standings> standings_for(db::Connection& connection,
                                                  const std::vector<Generation>& generations) const;

    const Preparer& preparer_;
    http::LimitedPool& lookers_;
    http::LimitedPool& readers_;
    http::LimitedPool& writers_;
    LiveBoard& live_;
    Notices& notices_;
    Metrics& metrics_;
    const Clock& clock_;
    QueueLimits limits_;
};

// What the header Idempotency-Key says, if it is there. Errors: invalid_field.
[[nodiscard]] Result<std::optional<std::string>> idempotency_key(const http::Request& request);
// The queue is too long for one more; says when to try again.
[[nodiscard]] http::Response busy_response(const Busy& busy);

// What the board knows of a generation beside its row.
struct LiveParts {
    json::value progress;
    std::optional<std::string> text;  // the words so far
};
[[nodiscard]] LiveParts live_parts(const Generation& generation, const Notices& notices, LiveBoard& live,
                                   const Standings& standings);
// The Generation of the API. Of any thread, where live_parts() is for the I/O thread.
[[nodiscard]] json::object full_json(Generation generation, LiveParts parts);
// Both.
[[nodiscard]] json::object full_json(const Generation& generation, const Notices& notices, LiveBoard& live,
                                     const Standings& standings);

}  // namespace ourvidz::generations
