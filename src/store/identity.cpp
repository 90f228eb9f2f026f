#include "store/identity.h"

#include <algorithm>
#include <limits>

#include "base/id.h"
#include "base/json.h"
#include "store/gaps.h"
#include "store/named.h"

namespace ourvidz::store {
namespace {

constexpr std::int64_t beats_max = 1LL << 53U;
// Of so many named files of a store without an identity, half must be there for it to be taken over.
constexpr std::size_t looked_at_max = 50;
// `joined` of a store that was adopted without most of its files.
constexpr std::int64_t lacking = 2;
constexpr UnixMs all_ages = std::numeric_limits<UnixMs>::max();
// By so much the clocks of the server, its disk or its bucket may differ.
constexpr UnixMs clocks_differ_ms = 600'000;
// Without a beat for so long the studio was away.
constexpr UnixMs away_ms = 24LL * 3'600'000;

const char* const lost_database =
    "If the database was lost, put the right one back or restore a backup (`ourvidz admin restore`). If it "
    "is "
    "the right one, run `ourvidz admin adopt`, which first shows what fits.";

const char* const became_older =
    "The files know a later state of the database than this one: either an older copy was put into its place "
    "while the studio works, or another studio with a copy of it works with the same files. Stop the studio, "
    "or the other one, put the right database back, and start it again.";

struct Mark {
    std::string id;
    std::int64_t beat = 0;
    // The newest beat of the database into whose place an older copy was put: with it that one is known
    // again.
    std::optional<std::int64_t> replaced = {};
};

struct Known {
    Mark mark;
    bool joined = false;
    bool may_lack = false;  // the operator knows that most of its files are missing
    UnixMs beat_at = 0;     // 0: a version that kept no times
};

std::string text_of(const Mark& mark) {
    json::object note{{"store", mark.id}, {"beat", mark.beat}};
    if (mark.replaced) note["replaced"] = *mark.replaced;
    return json::serialize(note) + "\n";
}

Error apart(const std::string& why) {
    return Error{ErrorCode::conflict, why + " Nothing was changed. " + lost_database, ""};
}

Result<Mark> mark_from(const std::string& note) {
    const auto parsed = parse_json_object(note);
    if (!parsed.ok()) return apart("The files' identity (store.json beside them) cannot be read.");
    FieldReader reader(*parsed);
    Mark mark;
    mark.id = reader.required_text("store", id_bytes_max);
    mark.beat = reader.required_integer("beat", 0, beats_max);
    mark.replaced = reader.integer("replaced", 0, beats_max);
    if (!reader.finish().ok())
        return apart("The files' identity (store.json beside them) is not one of ours.");
    return mark;
}

Result<std::optional<Mark>> mark_of(const files::FileStore& files) {
    OURVIDZ_TRY(note, files.note());
    if (!note) return std::optional<Mark>();
    OURVIDZ_TRY(mark, mark_from(*note));
    return std::optional(std::move(mark));
}

Result<std::optional<Known>> known_to(db::Connection& connection) {
    OURVIDZ_TRY(rows, connection.query("SELECT id, beat, joined, beat_at FROM store", {}));
    if (rows.empty()) return std::optional<Known>();
    return std::optional(Known{{rows[0].text(0), rows[0].integer(1)},
                               rows[0].integer(2) != 0,
                               rows[0].integer(2) == lacking,
                               rows[0].integer(3)});
}

Result<std::optional<Known>> known_to(db::Database& database) {
    auto read = [](db::Connection& connection) { return known_to(connection); };
    return database.read_now(db::Scope::server(), std::move(read));
}

// Not joined yet: the files are told next, and whoever is cut off between goes on there. What another server
// of the same database was quicker to say stays.
Result<Mark> begin_identity(db::Database& database, const Mark& mark) {
    auto write = [&mark](db::Connection& connection) -> Result<Mark> {
        OURVIDZ_CHECK(
            connection.execute("INSERT INTO store (only_row, id, joined, beat) VALUES (1, $1, 0, $2)"
                               " ON CONFLICT (only_row) DO NOTHING",
                               {mark.id, mark.beat}));
        OURVIDZ_TRY(known, known_to(connection));
        return known->mark;
    };
    return database.write_now(db::Scope::server(), write);
}

Result<void> note_joined(db::Database& database) {
    auto write = [](db::Connection& connection) -> Result<void> {
        OURVIDZ_CHECK(connection.execute("UPDATE store SET joined = 1", {}));
        return {};
    };
    return database.write_now(db::Scope::server(), write);
}

// Another server of the same store may have been first.
Result<void> join(db::Database& database, files::FileStore& files, const Mark& mark) {
    const auto told = files.set_first_note(text_of(mark));
    if (!told.ok() && told.error().code != ErrorCode::conflict) return told.error();
    OURVIDZ_TRY(kept, mark_of(files));
    if (!kept || kept->id != mark.id)
        return apart("The files have just been taken by another studio, with a database of its own.");
    return note_joined(database);
}

// Some of the files that the database names, looked for.
struct Looked {
    std::size_t named = 0;
    std::size_t there = 0;
    [[nodiscard]] bool mostly_there() const { return there * 2 >= named; }
    [[nodiscard]] std::string missing_text() const {
        return "Of the files that the database names, " + std::to_string(named - there) + " of " +
               std::to_string(named) +
               " that were looked for are not there: these are another studio's files, or their folder, disk "
               "or "
               "bucket is missing. Mount it, or put it back.";
    }
};

Result<Looked> look_for_named(db::Database& database, const files::FileStore& files) {
    OURVIDZ_TRY(named, named_files(database, looked_at_max));
    Looked looked{named.size(), 0};
    for (const auto& key : named) {
        const auto size = files.size(key);
        if (!size.ok() && size.error().code != ErrorCode::not_found) return size.error();
        looked.there += size.ok() ? 1 : 0;
    }
    return looked;
}

// Neither half has an identity. A new store has no files; one of a version that knew no identities has files
// of which the database names some.
Result<void> become_one(db::Database& database, files::FileStore& files, const Clock& clock) {
    OURVIDZ_TRY(keys, files.list(all_ages));
    OURVIDZ_TRY(looked, look_for_named(database, files));
    if (looked.named == 0 && !keys.empty()) {
        return apart("There are " + std::to_string(keys.size()) +
                     " files, and the database knows none of them: it is new, or another studio's.");
    }
    if (!looked.mostly_there()) return apart(looked.missing_text());
    OURVIDZ_TRY(mark, begin_identity(database, Mark{new_id("store", clock), 0}));
    return join(database, files, mark);
}

Result<void> agree(db::Database& database, files::FileStore& files, const std::optional<Known>& known,
                   const std::optional<Mark>& mark, const Clock& clock) {
    if (!known && !mark) return become_one(database, files, clock);
    if (!known) {
        return apart(
            "The files belong to a studio, and this database does not know it: it is new, empty, or from an "
            "older version of OurVidz.");
    }
    if (mark && mark->id == known->mark.id) return known->joined ? Result<void>() : note_joined(database);
    if (mark) return apart("The files belong to another studio than the database.");
    if (!known->joined) return join(database, files, known->mark);
    return apart(
        "The files have no identity, though the database knows them by one: their folder, disk or bucket is "
        "missing, new, or another one.");
}

// What is in the trash has so many days in which its owner can bring it back: days in which the studio is
// there. Time without any beat for long (it was switched off, a backup was restored, the clock has jumped)
// does not count; and in the trash of an older copy everything begins anew, because it may have been brought
// back since.
Result<void> lengthen_trash(db::Connection& connection, UnixMs now, bool older) {
    if (older) {
        return connection.change(
            "UPDATE assets SET discarded_at = $1 WHERE state = 'discarded' AND discarded_at < $1", {now});
    }
    OURVIDZ_TRY(known, known_to(connection));
    if (!known || known->beat_at == 0 || now - known->beat_at < away_ms) return {};
    return connection.change("UPDATE assets SET discarded_at = discarded_at + $1 WHERE state = 'discarded'",
                             {now - known->beat_at});
}

// With the gap, if there is one, in the same moment: after it nothing says any more that there was one.
Result<std::int64_t> next_beat(db::Database& database, std::int64_t above, UnixMs now, bool was_replaced,
                               const std::optional<Gap>& gap) {
    auto write = [above, now, was_replaced, &gap](db::Connection& connection) -> Result<std::int64_t> {
        OURVIDZ_CHECK(lengthen_trash(connection, now, was_replaced));
        OURVIDZ_TRY(rows, connection.query("UPDATE store SET beat = CASE WHEN beat < $1 THEN $1 ELSE beat END"
                                           " + 1, beat_at = $2 RETURNING beat",
                                           {above, now}));
        if (rows.empty()) return Error{ErrorCode::internal, "The database has no identity.", ""};
        if (gap) OURVIDZ_CHECK(open_gap(connection, *gap));
        return rows[0].integer(0);
    };
    return database.write_now(db::Scope::server(), write);
}

Result<std::vector<std::string>> unnamed_since(db::Database& database, const files::FileStore& files,
                                               UnixMs since) {
    OURVIDZ_TRY(before, files.list(since));
    OURVIDZ_TRY(keys, files.list(all_ages));
    std::sort(before.begin(), before.end());
    std::erase_if(keys, [&before](const std::string& key) {
        return std::binary_search(before.begin(), before.end(), key);
    });
    return unnamed_of(database, keys);
}

// Files that went into the trash while another, or an older, database was here.
Result<std::uint64_t> bring_back_named(db::Database& database, files::FileStore& files) {
    OURVIDZ_TRY(discarded, files.discarded());
    std::vector<std::string> keys;
    keys.reserve(discarded.size());
    for (const auto& one : discarded) keys.push_back(one.key);
    OURVIDZ_TRY(back, named_of(database, keys));
    for (const auto& key : back) OURVIDZ_CHECK(files.bring_back(key));
    return std::uint64_t{back.size()};
}

// What the files are to remember of a database that has lost its place.
std::optional<std::int64_t> replaced_after(const std::optional<Mark>& mark, std::int64_t beat,
                                           bool was_replaced) {
    if (!mark || mark->replaced == beat) return std::nullopt;
    if (was_replaced && !mark->replaced) return mark->beat;
    return mark->replaced;
}

}  // namespace

Result<void> refuse_new_database(const std::filesystem::path& database, const files::FileStore& files) {
    std::error_code failure;
    const auto bytes = std::filesystem::file_size(database, failure);
    if (!failure && bytes > 0) return {};
    OURVIDZ_TRY(note, files.note());
    OURVIDZ_TRY(keys, files.list(all_ages));
    if (!note && keys.empty()) return {};
    return apart("The database " + database.string() + (failure ? " is missing" : " is empty") +
                 ", and there are " + std::to_string(keys.size()) + " files of a studio that had one.");
}

Result<Meeting> meet(db::Database& database, files::FileStore& files, const Clock& clock) {
    OURVIDZ_TRY(known, known_to(database));
    OURVIDZ_TRY(mark, mark_of(files));
    // Another server may have begun this store between the two reads; it tells the database first.
    if (!known && mark) {
        OURVIDZ_TRY(begun, known_to(database));
        known = std::move(begun);
    }
    OURVIDZ_CHECK(agree(database, files, known, mark, clock));
    Meeting meeting;
    OURVIDZ_TRY(back, bring_back_named(database, files));
    meeting.brought_back = back;
    OURVIDZ_TRY(looked, look_for_named(database, files));
    if (!looked.mostly_there() && !(known && known->may_lack)) return apart(looked.missing_text());
    // Again, because another server of this store may have beaten since, which tells the database first.
    OURVIDZ_TRY(now_known, known_to(database));
    const auto now = clock.now_ms();
    std::optional<Gap> gap;
    const bool was_replaced = mark && known && now_known->mark.beat < mark->beat;
    if (was_replaced) {
        gap = Gap{std::max<UnixMs>(0, now_known->beat_at - clocks_differ_ms), now + clocks_differ_ms, true};
        OURVIDZ_TRY(newer, unnamed_since(database, files, gap->begins_at));
        meeting.newer_files = newer.size();
        // The right one, back after an older copy had its place for a while: it may lack what came meanwhile.
        if (mark->replaced == now_known->mark.beat) gap->older = !newer.empty();
    } else if (now_known->beat_at > 0 && now_known->beat_at < now) {
        gap = Gap{now_known->beat_at, now, false};
    }
    OURVIDZ_TRY(number, next_beat(database, mark ? mark->beat : 0, now, was_replaced, gap));
    const auto replaced = replaced_after(mark, now_known->mark.beat, was_replaced);
    OURVIDZ_CHECK(files.set_note(text_of(Mark{now_known->mark.id, number, replaced})));
    return meeting;
}

Result<void> beat(db::Database& database, files::FileStore& files, const Clock& clock) {
    // The files first: another server of this store may be beating, and it tells the database first.
    OURVIDZ_TRY(mark, mark_of(files));
    OURVIDZ_TRY(known, known_to(database));
    if (!mark || !known || mark->id != known->mark.id)
        return apart("The files no longer have the identity of this studio.");
    if (mark->beat > known->mark.beat) return apart(became_older);
    OURVIDZ_TRY(number, next_beat(database, 0, clock.now_ms(), false, std::nullopt));
    if (number <= mark->beat) return apart(became_older);
    return files.set_note(text_of(Mark{mark->id, number, mark->replaced}));
}

Result<Acquaintance> compare(db::Database& database, const files::FileStore& files) {
    Acquaintance found;
    OURVIDZ_TRY(keys, files.list(all_ages));
    OURVIDZ_TRY(there, named_of(database, keys));
    OURVIDZ_TRY(named, named_count(database));
    found.files = keys.size();
    found.named_and_there = there.size();
    found.named = named;
    OURVIDZ_TRY(known, known_to(database));
    const auto mark = mark_of(files);
    if (!mark.ok() && mark.error().code != ErrorCode::conflict) return mark.error();
    if (mark.ok() && *mark) found.files_identity = (*mark)->id;
    OURVIDZ_TRY(looked, look_for_named(database, files));
    found.agree = known && known->joined && found.files_identity == known->mark.id &&
                  (looked.mostly_there() || known->may_lack);
    return found;
}

Result<void> adopt(db::Database& database, files::FileStore& files, const Clock& clock) {
    OURVIDZ_TRY(known, known_to(database));
    const auto old = mark_of(files);
    const auto above = old.ok() && *old ? (*old)->beat : 0;
    // A new one, so that another studio that still works with these files finds out.
    Mark mark{new_id("store", clock), above};
    if (known && known->mark.beat > mark.beat) mark.beat = known->mark.beat;
    const auto now = clock.now_ms();
    OURVIDZ_TRY(looked, look_for_named(database, files));
    const std::int64_t joined = looked.mostly_there() ? 1 : lacking;
    auto write = [&mark, now, joined](db::Connection& connection) -> Result<void> {
        OURVIDZ_CHECK(connection.execute("DELETE FROM store", {}));
        OURVIDZ_CHECK(connection.execute(
            "INSERT INTO store (only_row, id, joined, beat, beat_at) VALUES (1, $1, $4, $2, $3)",
            {mark.id, mark.beat, now, joined}));
        OURVIDZ_CHECK(lengthen_trash(connection, now, true));
        return open_gap(connection, Gap{0, now + clocks_differ_ms, true});
    };
    OURVIDZ_CHECK(files.set_note(text_of(mark)));
    return database.write_now(db::Scope::server(), write);
}

Result<std::optional<std::string>> note_for(db::Connection& connection) {
    OURVIDZ_TRY(table, connection.query("SELECT 1 FROM sqlite_master WHERE name = 'store'", {}));
    if (table.empty()) return std::optional<std::string>();
    OURVIDZ_TRY(known, known_to(connection));
    if (!known) return std::optional<std::string>();
    return std::optional(text_of(known->mark));
}

bool same_store(const std::string& note, const std::string& other) {
    const auto one = mark_from(note);
    const auto two = mark_from(other);
    return one.ok() && two.ok() && one->id == two->id;
}

}  // namespace ourvidz::store
