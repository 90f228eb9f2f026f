// `ourvidz admin`: what the operator does on the server's own machine.
#pragma once

#include <string>
#include <vector>

#include "config/settings.h"

namespace ourvidz::cli {

struct AdminOptions {
    std::string folder;  // of a backup
    bool link = false;
    bool without_damaged = false;
    bool quiet = false;
    bool dead = false;
    bool json = false;
    bool all = false;
    std::vector<std::string> job_ids;
};

int admin_backup(const config::Settings& settings, const AdminOptions& options);
int admin_verify(const AdminOptions& options);
int admin_restore(const config::Settings& settings, const AdminOptions& options);
int admin_jobs(const config::Settings& settings, const AdminOptions& options);
int admin_retry(const config::Settings& settings, const AdminOptions& options);

}  // namespace ourvidz::cli
