// `ourvidz admin adopt`, `sweep` and `trash`: files that the database does not know.
#pragma once

#include <string>

#include "config/settings.h"

namespace ourvidz::cli {

struct AdminFilesOptions {
    bool yes = false;
    std::string folder;  // where to save the trash; empty: nowhere
};

int admin_adopt(const config::Settings& settings, const AdminFilesOptions& options);
int admin_sweep(const config::Settings& settings, const AdminFilesOptions& options);
int admin_trash(const config::Settings& settings, const AdminFilesOptions& options);

}  // namespace ourvidz::cli
