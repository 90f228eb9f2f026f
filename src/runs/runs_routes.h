// HTTP in and out of runs.
#pragma once

#include "catalog/live_catalog.h"
#include "generations/live_board.h"
#include "generations/metrics.h"
#include "generations/notices.h"
#include "http/limited_pool.h"
#include "runs/runs.h"
#include "studio/module.h"

namespace ourvidz::runs {

class RunsApi {
  public:
    struct Parts {
        const generations::Preparer& preparer;
        const catalog::LiveCatalog& catalog;
        http::LimitedPool& readers;  // on which requests are read and judged
        generations::LiveBoard& live;
        generations::Notices& notices;
        generations::Metrics& metrics;
        const Clock& clock;
        generations::QueueLimits limits;
    };
    explicit RunsApi(Parts parts) : parts_(parts) {}
    [[nodiscard]] studio::Module module();

  private:
    identity::Answer create(identity::Call call);
    identity::Answer list_page(identity::Call call);
    identity::Answer get(identity::Call call);
    identity::Answer approve_one(identity::Call call);
    identity::Answer cancel_one(identity::Call call);
    [[nodiscard]] Result<Prepared> prepare(const std::string& body) const;
    [[nodiscard]] Result<generations::Prepared> prepare_enlarging(generations::NewGeneration wanted,
                                                                  const generations::Settings& full) const;
    [[nodiscard]] bool starts_from_pictures(std::string_view kind) const;
    [[nodiscard]] Result<events::Shown> read_subject(db::Connection& connection,
                                                     const std::string& workspace_id,
                                                     const std::string& id) const;
    // With how far its steps are at this moment. On the I/O thread.
    [[nodiscard]] Run live(Run run) const;
    void tell(const std::string& workspace_id);

    Parts parts_;
};

}  // namespace ourvidz::runs
