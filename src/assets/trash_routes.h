// HTTP in and out of the trash: what is in it, and deleting for good.
#pragma once

#include <functional>

#include "assets/purge.h"
#include "events/hub.h"
#include "studio/module.h"

namespace ourvidz::assets {

class TrashApi {
  public:
    struct Parts {
        events::Hub& hub;
        const Clock& clock;
        Others others;
        int kept_days = 0;
        // There is something to purge, or files to give back. Called on the I/O thread; must not block.
        std::function<void()> purge_on;
    };
    explicit TrashApi(Parts parts) : parts_(std::move(parts)) {}
    [[nodiscard]] identity::Routes routes();

  private:
    identity::Answer look(identity::Call call);
    identity::Answer empty(identity::Call call);
    identity::Answer delete_one(identity::Call call);

    Parts parts_;
};

}  // namespace ourvidz::assets
