// What leaves the studio for good: assets that have been in the trash for long enough, and those whose owner
// wants them gone. An asset's rows and its files' names go in one transaction, which notes the files in
// `purged_files`; give_back() removes the files and then the notes. So whenever a server is killed, no asset
// is without its files, and no file stays for ever.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/cursor.h"
#include "base/result.h"
#include "db/database.h"
#include "files/file_store.h"

namespace ourvidz::assets {

struct Leaving {
    std::string id;
    std::optional<std::string> generation_id;
};

// What domains above this one have to say, inside the transaction in which assets go.
struct Others {
    // Of these assets, those that something needs that is being made now. They stay until it is over.
    std::function<Result<std::vector<std::string>>(db::Connection&, const std::vector<Leaving>&)> needed;
    // Outputs of these generations have gone.
    std::function<Result<void>(db::Connection&, const std::vector<std::string>& generation_ids)> gone;
};

struct Purged {
    std::int64_t assets = 0;
    std::int64_t bytes = 0;  // of their files
};

// Assets in one transaction, so that nobody waits long for the database.
constexpr int purged_at_once = 200;

// One that is in the trash. Errors: not_found; conflict when it is not in the trash, or is needed.
[[nodiscard]] Result<Purged> purge_one(db::Connection& connection, std::string_view workspace_id,
                                       std::string_view id, const Others& others, UnixMs now);
// From now on everything in the workspace's trash is due.
[[nodiscard]] Result<void> mark_emptied(db::Connection& connection, std::string_view workspace_id,
                                        UnixMs now);

struct PurgedSome {
    Purged purged;
    std::optional<Cursor> next;  // where to go on; nothing: that was all
};
// The first of what is due after `from`: discarded not later than `before`, or before the trash was emptied.
// What is needed stays.
[[nodiscard]] Result<PurgedSome> purge_some(db::Connection& connection, std::string_view workspace_id,
                                            UnixMs before, const std::optional<Cursor>& from,
                                            const Others& others, UnixMs now);
// The same for all workspaces: a part of it, of which no more than so many transactions change anything.
// Blocks. `before` 0: only where the trash was emptied.
constexpr int purges_in_a_part = 10;
struct PurgedPart {
    Purged purged;
    std::vector<std::string> workspaces;  // that have lost something
    bool more = false;
};
[[nodiscard]] Result<PurgedPart> purge_due(db::Database& database, UnixMs before, const Others& others,
                                           const Clock& clock);

// What is in the trash of a workspace.
[[nodiscard]] Result<Purged> trash_of(db::Connection& connection, std::string_view workspace_id);

struct GivenBack {
    std::int64_t files = 0;
    bool more = false;
};
// Removes some of the files of what was purged. Blocks. The caller has made sure that database and files are
// one store (store/identity.h). Two servers may do so at once: which files are first is chance. Errors:
// unavailable; the rest is tried again with the next call.
[[nodiscard]] Result<GivenBack> give_back(db::Database& database, files::FileStore& files);

}  // namespace ourvidz::assets
