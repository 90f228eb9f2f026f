// `ourvidz admin audit`: proves that the ledger balances and that the queue's counts are right.
#pragma once

#include "config/settings.h"

namespace ourvidz {

// Prints a line on each. Exit status 0: both are right; 1: one is not, or it could not be looked at.
int admin_audit(const config::Settings& settings);

}  // namespace ourvidz
