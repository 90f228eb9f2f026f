// What can be made here, how the studio is, and its metrics.
#pragma once

#include <functional>
#include <string>

#include "db/database.h"
#include "files/file_store.h"
#include "generations/metrics.h"
#include "generations/models_now.h"
#include "generations/node_board.h"
#include "generations/probe.h"
#include "identity/door.h"
#include "redis/bus.h"

namespace ourvidz::generations {

class StudioApi {
  public:
    // What housekeeping has found wrong; empty: nothing.
    struct Findings {
        std::string database;
        std::string files;
    };
    struct Parts {
        db::Database& database;
        files::FileStore& files;
        const ModelsNow& models;
        const NodeBoard& nodes;
        Metrics& metrics;
        const Clock& clock;
        std::function<std::size_t()> event_readers;
        std::function<int()> connections;
        std::function<Findings()> findings;
        const http::LoopWatch& loop;
        const redis::Bus* bus;  // null: there is only this server
        bool enlarges;          // pictures, without a node
    };
    StudioApi(Parts parts, std::string version);
    [[nodiscard]] identity::Routes routes();

  private:
    using Answer = identity::Answer;
    Answer kinds(identity::Call call);
    Answer models(identity::Call call);
    Answer health(identity::Call call);
    Answer ready(identity::Call call);
    Answer metrics(identity::Call call);
    // Both tried out by using them.
    struct Halves {
        Probe::Answer database;
        Probe::Answer files;
    };
    [[nodiscard]] http::asio::awaitable<Halves> try_halves();
    [[nodiscard]] json::array part_list(const Halves& halves) const;

    Parts parts_;
    std::string version_;
    const db::Scope server_ = db::Scope::server();
    UnixMs started_at_;
    Probe database_probe_;
    Probe files_probe_;
    Probe space_probe_;
};

}  // namespace ourvidz::generations
