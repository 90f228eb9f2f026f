// What only the operator may do, across workspaces.
#pragma once

#include <string>

#include "generations/metrics.h"
#include "generations/notices.h"
#include "generations/operator_jobs.h"
#include "generations/prepare.h"
#include "http/limited_pool.h"
#include "identity/door.h"

namespace ourvidz::generations {

class OperatorApi {
  public:
    struct Parts {
        db::Database& database;
        const Preparer& preparer;
        http::LimitedPool& readers;  // as for GenerationsApi
        Notices& notices;
        Metrics& metrics;
        const Clock& clock;
        QueueLimits limits;
    };
    explicit OperatorApi(Parts parts) : parts_(parts) {}
    [[nodiscard]] identity::Routes routes();

  private:
    using Answer = identity::Answer;
    Answer jobs(identity::Call call);
    Answer retry_one(identity::Call call);

    struct Again {
        safety::Cleared<NewGeneration> request;
        Submission submission;
    };
    [[nodiscard]] Result<Again> again(const Generation& failed) const;

    Parts parts_;
};

}  // namespace ourvidz::generations
