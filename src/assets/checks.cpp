#include "assets/checks.h"

#include <set>

#include "assets/assets.h"
#include "events/event_log.h"

namespace ourvidz::assets {
namespace {

constexpr std::int64_t checked_at_once_max = 200;

safety::Origin origin_of(bool people_free) {
    // Whatever is not free of people for certain counts as uploaded, drawn by a model that may draw anything.
    return people_free ? safety::Origin{safety::PictureDomain::people_free, false}
                       : safety::Origin{safety::PictureDomain::mixed, true};
}

}  // namespace

Result<Checked> check_again(db::Connection& connection, const safety::Gate& gate, UnixMs now) {
    const std::int64_t today = safety::policy_version;
    OURVIDZ_TRY(rows,
                connection.query("SELECT id, workspace_id, people_free, verdict, reason, sentence, policy"
                                 " FROM assets LEFT JOIN checks ON asset_id = id AND judged_by = policy"
                                 " WHERE policy < $1 ORDER BY policy LIMIT $2",
                                 {today, checked_at_once_max}));
    Checked done;
    done.more = static_cast<std::int64_t>(rows.size()) == checked_at_once_max;
    std::set<std::string> workspaces;
    for (const auto& row : rows) {
        const safety::Verdict earlier{safety::decision_from(row.text(3)).value_or(safety::Decision::hold),
                                      row.text(4), row.text(5), static_cast<int>(row.integer(6))};
        Asset asset;
        asset.id = row.text(0);
        asset.verdict = gate.judge_anew(earlier, origin_of(row.integer(2) != 0));
        // Another server may have been quicker.
        OURVIDZ_TRY(changed, connection.execute("UPDATE assets SET policy = $2 WHERE id = $1 AND policy < $2",
                                                {asset.id, today}));
        if (changed == 0) continue;
        ++done.assets;
        OURVIDZ_CHECK(note_check(connection, asset.id, asset.verdict, now));
        if (!asset.visible()) continue;
        OURVIDZ_CHECK(events::append(connection, row.text(1), "asset", asset.id, now));
        workspaces.insert(row.text(1));
    }
    done.workspaces.assign(workspaces.begin(), workspaces.end());
    return done;
}

}  // namespace ourvidz::assets
