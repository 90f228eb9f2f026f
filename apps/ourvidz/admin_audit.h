// `ourvidz admin audit`: proves that the ledger balances.
#pragma once

#include "config/settings.h"

namespace ourvidz {

// Prints one line. Exit status 0: everything balances; 1: something does not, or it could not be looked at.
int admin_audit(const config::Settings& settings);

}  // namespace ourvidz
