// HTTP in and out of the ledger, and the proof that it balances.
#pragma once

#include "studio/module.h"

namespace ourvidz::ledger {

[[nodiscard]] studio::Module module();
// audit(), as one of those of the studio.
[[nodiscard]] studio::Audit balance_audit();

}  // namespace ourvidz::ledger
