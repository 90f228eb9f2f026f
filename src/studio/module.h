// What a domain hands over to the server. A plain value: nothing registers itself, and
// apps/ourvidz/studio.cpp lists all there are.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "db/database.h"
#include "events/subjects.h"
#include "identity/door.h"

namespace ourvidz::studio {

// What an audit found. Run as the server, on a read; it believes no count that is kept and counts anew.
struct Report {
    bool sound = false;
    std::string text;                                                     // for logs and people
    std::vector<std::pair<std::string_view, std::int64_t>> numbers = {};  // for /metrics
};
struct Audit {
    std::string name;
    std::function<Result<Report>(db::Connection&)> run;
};

// Forgets what is old, some at a time: run again and again as the server, in a transaction with the others,
// and only while all audits are sound.
struct Sweep {
    std::string name;
    std::function<Result<void>(db::Connection&, UnixMs now)> run;
};

struct Module {
    identity::Routes routes;
    std::vector<events::Subject> subjects = {};
    std::vector<Sweep> sweeps = {};
    std::vector<Audit> audits = {};
};

}  // namespace ourvidz::studio
