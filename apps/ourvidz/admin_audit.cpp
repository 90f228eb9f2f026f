#include "admin_audit.h"

#include <cstdio>
#include <filesystem>

#include "exit_status.h"
#include "ledger/ledger_routes.h"
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
    bool sound = true;
    for (const auto& audit : {ledger::balance_audit(), queue::count_audit()}) {
        const auto report = (*database)->read_now(db::Scope::server(), audit.run);
        if (!report.ok()) return cli::report(report.error());
        std::printf("%s: %s\n", audit.name.c_str(), report->text.c_str());
        sound = sound && report->sound;
    }
    return sound ? cli::exit_ok : cli::exit_failed;
}

}  // namespace ourvidz
