// Assets: the pictures and clips that exist, where their files are, and who may see them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"
#include "db/database.h"
#include "safety/gate.h"

namespace ourvidz::assets {

struct AssetFile {
    std::string variant;   // one of media.h
    std::string file_key;  // in the file store
    std::string content_type;
    std::int64_t bytes = 0;
    std::string sha256;
};

// discarded: in the trash.
enum class State { staging, kept, discarded };
// As the database and the API write it.
[[nodiscard]] std::string_view to_string(State state);
// Of what to_string() has written.
[[nodiscard]] State state_from(std::string_view name);

struct Asset {
    std::string id;
    std::string workspace_id;
    std::optional<std::string> generation_id;  // empty for uploads
    std::int64_t position = 0;                 // place in its batch, from 0
    std::string medium;                        // one of media.h
    State state = State::staging;
    std::int64_t width = 0;  // pixels; 0 for what is only heard
    std::int64_t height = 0;
    std::optional<std::int64_t> duration_ms;
    std::optional<std::int64_t> seed;
    json::object recipe;
    json::object facts;        // of its file, by its medium: "fps" and "frames" of a clip
    bool people_free = false;  // no upload and no model that may draw people among its ancestors
    safety::Verdict verdict;   // filled by the store from what the gate said
    UnixMs created_at = 0;
    std::optional<UnixMs> discarded_at;  // since when it has been in the trash (assets/purge.h)
    std::vector<AssetFile> files;        // "original" is always there

    [[nodiscard]] const AssetFile* file(std::string_view variant) const;
    // Whether its files may be shown: an allowing verdict of the current policy.
    [[nodiscard]] bool visible() const;
};

[[nodiscard]] json::object to_json(Asset asset);

// Errors: conflict when this place in the batch is taken.
[[nodiscard]] Result<void> insert(db::Connection& connection, const safety::Released<Asset>& asset);
// For what the gate could not let through: stored, but hidden, with its verdict.
[[nodiscard]] Result<void> insert_held(db::Connection& connection, Asset asset,
                                       const safety::Verdict& verdict);

// What the gate said of an asset, beside what it said under other versions of its rules.
[[nodiscard]] Result<void> note_check(db::Connection& connection, std::string_view asset_id,
                                      const safety::Verdict& verdict, UnixMs now);

// Errors: not_found.
[[nodiscard]] Result<Asset> find(db::Connection& connection, std::string_view workspace_id,
                                 std::string_view id);
// Those of all generations whose ids the SELECT `generations` answers, with its parameters; each generation's
// in the order of their places. Two queries, however many there are.
[[nodiscard]] Result<std::vector<Asset>> of_generations(db::Connection& connection,
                                                        const std::string& generations,
                                                        const std::vector<db::Value>& values);

struct Page {
    std::vector<Asset> items;
    std::optional<std::string> next_cursor;
};
// Newest first; without a `state` all of them. Errors: invalid_field for a cursor that we did not make.
[[nodiscard]] Result<Page> list(db::Connection& connection, std::string_view workspace_id,
                                std::optional<State> state, const std::optional<std::string>& cursor,
                                int limit);

// Moves it to a state and appends the event; moving it where it is changes nothing.
[[nodiscard]] Result<Asset> move_to(db::Connection& connection, std::string_view workspace_id,
                                    std::string_view id, State state, UnixMs now);

// Of these file keys, those that no asset names.
[[nodiscard]] Result<std::vector<std::string>> unnamed(db::Connection& connection,
                                                       const std::vector<std::string>& keys);

}  // namespace ourvidz::assets
