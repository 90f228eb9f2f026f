// The exit statuses of `ourvidz`, the same for all commands.
#pragma once

#include <string>

#include "base/result.h"

namespace ourvidz::cli {

enum ExitStatus : int {
    exit_ok = 0,
    exit_failed = 1,       // it was tried and did not succeed
    exit_usage = 2,        // the command line, a setting or an input is wrong
    exit_canceled = 3,     // stopped by Ctrl-C or by a cancel from elsewhere
    exit_unavailable = 4,  // no server, or a part that is needed is not there
    exit_refused = 5,      // the safety rules refused it, or hold it for a person
};

constexpr const char* exit_statuses_help =
    "Exit status: 0 done, 1 failed, 2 wrong input, 3 canceled, 4 server or model not available,\n"
    "5 refused or held by the safety rules.";

[[nodiscard]] ExitStatus exit_status_of(ErrorCode code);

// Prints "ourvidz: ..." for people on standard error and answers with the exit status.
int report(const Error& error);

}  // namespace ourvidz::cli
