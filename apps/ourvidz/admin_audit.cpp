#include "admin_audit.h"

#include <cstdio>
#include <filesystem>

#include "exit_status.h"
#include "ledger/ledger.h"
#include "queue/queue.h"
#include "studio.h"

namespace ourvidz {

int admin_audit(const config::Settings& settings) {
    if (settings.database_url.empty() && !std::filesystem::exists(settings.data_dir / "studio.sqlite")) {
        return cli::report(
            Error{ErrorCode::not_found, "There is no studio in " + settings.data_dir.string() + ".", ""});
    }
    const auto database = open_database(settings);
    if (!database.ok()) return cli::report(database.error());
    const auto audit = (*database)->read_now(db::Scope::server(), ledger::audit);
    if (!audit.ok()) return cli::report(audit.error());
    const auto wrong = (*database)->read_now(db::Scope::server(), queue::miscounted);
    if (!wrong.ok()) return cli::report(wrong.error());
    std::printf("ledger: %s\nqueue: %s\n", ledger::to_text(*audit).c_str(),
                queue::miscounted_text(*wrong).c_str());
    return audit->findings.empty() && *wrong == 0 ? cli::exit_ok : cli::exit_failed;
}

}  // namespace ourvidz
