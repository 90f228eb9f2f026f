// For tests of what may not be read: root may read everything.
#pragma once

#include <sys/fsuid.h>
#include <unistd.h>

namespace ourvidz::testing {

// As long as it is there, this thread opens files as a user who owns nothing, if it was root's.
class AsNobody {
  public:
    AsNobody() : before_(::geteuid()) { ::setfsuid(before_ == 0 ? nobody : before_); }
    ~AsNobody() { ::setfsuid(before_); }
    AsNobody(const AsNobody&) = delete;
    AsNobody& operator=(const AsNobody&) = delete;

  private:
    static constexpr uid_t nobody = 65'534;
    uid_t before_;
};

}  // namespace ourvidz::testing
