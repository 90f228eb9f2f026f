#include "generations/standing.h"

#include <tuple>

#include "queue/outlook.h"

namespace ourvidz::generations {

Result<Standings> standings(db::Connection& connection, std::string_view workspace_id, UnixMs now) {
    OURVIDZ_TRY(places, queue::outlook(connection, workspace_id, now));
    Standings standings;
    std::map<std::tuple<std::string, std::string, std::int64_t>, std::optional<Estimate>> known;
    for (const auto& place : places) {
        const auto what = std::make_tuple(place.kind, place.model, place.size_class);
        auto usual = known.find(what);
        if (usual == known.end()) {
            OURVIDZ_TRY(learned, estimate(connection, place.kind, place.model, place.size_class));
            usual = known.emplace(what, learned).first;
        }
        Standing standing{place.model, place.before, std::nullopt};
        if (usual->second && place.ahead)
            standing.until_done = schedule::until_done(*place.ahead, *usual->second);
        standings.emplace(place.subject_id, std::move(standing));
    }
    return standings;
}

}  // namespace ourvidz::generations
