// Everything that one server is made of, wired by hand. Reads top to bottom: each part is given exactly what
// it needs of those above it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

#include "assets/assets_routes.h"
#include "assets/trash_routes.h"
#include "catalog/live_catalog.h"
#include "chat/chat_routes.h"
#include "config/settings.h"
#include "db/database.h"
#include "events/events_routes.h"
#include "events/hub.h"
#include "files/file_store.h"
#include "generations/generations_routes.h"
#include "generations/live_board.h"
#include "generations/metrics.h"
#include "generations/node_routes.h"
#include "generations/notices.h"
#include "generations/operator_routes.h"
#include "generations/queue_routes.h"
#include "generations/studio_routes.h"
#include "generations/submit.h"
#include "housekeeping.h"
#include "http/limited_pool.h"
#include "http/loop_watch.h"
#include "http/server.h"
#include "identity/door.h"
#include "media/media_client.h"
#include "prompts/word_lists.h"
#include "queue/announcements.h"
#include "runs/runs_routes.h"
#include "safety/gate.h"
#include "workbench/workbench.h"

namespace ourvidz {

// In the data folder: what `ourvidz admin` shows to the server.
inline constexpr const char* operator_token_name = "operator.token";

// SQLite in the data folder, unless a PostgreSQL is named.
[[nodiscard]] Result<std::unique_ptr<db::Database>> open_database(const config::Settings& settings);
// A folder in the data folder, unless a bucket is named.
[[nodiscard]] Result<std::unique_ptr<files::FileStore>> open_files(const config::Settings& settings,
                                                                   const Clock& clock);

class Studio {
  public:
    // Opens the data folder and everything in it. `web_folder` may be absent: then only the API is served.
    static Result<std::unique_ptr<Studio>> open(const config::Settings& settings,
                                                boost::asio::io_context& io);

    [[nodiscard]] const http::Router& router() const { return router_; }
    // Every operation of the API and what it needs.
    [[nodiscard]] const std::deque<identity::Route>& routes() const { return door_.routes(); }
    [[nodiscard]] const std::string& node_token() const { return node_token_; }
    [[nodiscard]] std::shared_ptr<const catalog::Catalog> catalog() const { return catalog_.now(); }
    void set_connections(std::function<int()> connections) { connections_ = std::move(connections); }
    // Where bodies on their way in are kept.
    [[nodiscard]] std::filesystem::path spool_folder() const { return files_->incoming_folder(); }
    // Runs the sweeps for as long as the io_context runs.
    void start_sweeps(boost::asio::io_context& io);
    // Answers the polls of nodes that wait, and ends its own work, when the server is about to stop.
    void stop_waiting() {
        node_api_.stop_waiting();
        if (workbench_) workbench_->stop();
    }
    [[nodiscard]] bool at_work() const { return workbench_ && workbench_->at_work(); }
    // Called with a node's id whenever it reports; on the I/O thread.
    void on_node_report(std::function<void(std::string_view)> told) { node_api_.on_report(std::move(told)); }

  private:
    // Requests that are read or wait for it: the worst of them take two threads some ten seconds together.
    static constexpr int reading_max = 64;
    static constexpr int writing_max = 256;    // a list takes some milliseconds
    static constexpr int looking_max = 4'096;  // a fraction of one each

    struct Opened;
    Studio(Opened opened, const config::Settings& settings, boost::asio::io_context& io);
    [[nodiscard]] media::MediaOptions media_options() const;
    Result<media::MediaClient*> media();
    Result<assets::DecodedUpload> decode_upload(const std::string& bytes);
    [[nodiscard]] std::vector<studio::Module> modules();
    void add(std::vector<studio::Module> modules);

    std::unique_ptr<const Clock> owned_clock_;
    const Clock& clock_;
    std::unique_ptr<db::Database> database_;
    std::shared_ptr<const files::Descriptor> files_lock_;  // null: they are in a bucket
    std::unique_ptr<files::FileStore> files_;
    catalog::LiveCatalog catalog_;
    std::unique_ptr<safety::Gate> gate_;
    std::string node_token_;
    generations::FileNames file_names_;
    config::Settings settings_;

    std::unique_ptr<redis::Bus> bus_;  // null: there is only this server
    events::Hub hub_;
    std::unique_ptr<queue::Announcements> announcements_;
    prompts::WordListFolder word_lists_;
    generations::LiveBoard live_;
    std::unique_ptr<generations::LiveShare> live_share_;        // null: there is only this server
    std::unique_ptr<generations::MachineShare> machine_share_;  // the same
    generations::NodeBoard nodes_;
    generations::Metrics metrics_;
    generations::Notices notices_;
    std::function<int()> connections_ = [] { return 0; };
    http::LoopWatch loop_watch_;

    std::mutex media_mutex_;
    std::unique_ptr<media::MediaClient> media_;  // null until it has started

    assets::FileAnswers file_answers_;
    assets::AssetsApi assets_api_;
    assets::TrashApi trash_api_;
    generations::ModelsNow models_;
    generations::Preparer preparer_;
    generations::GenerationsApi generations_api_;
    chat::ChatApi chat_api_;
    runs::RunsApi runs_api_;
    generations::QueueApi queue_api_;
    generations::NodeApi node_api_;
    std::unique_ptr<workbench::Workbench> workbench_;  // null where pictures cannot be enlarged
    generations::OperatorApi operator_api_;
    Housekeeping housekeeping_;
    generations::StudioApi studio_api_;
    std::unique_ptr<events::EventsApi> events_api_;  // knows the subjects of all others
    identity::Door door_;
    http::Router router_;
    // Last, so that it is stopped first. Requests are read and judged by `readers_`: by two, so that one
    // that takes long does not keep the others waiting, and the rest of the machine is for the engines. Small
    // ones are by `lookers_`, which look at the model folders too: both wait for a disk now and then, but not
    // for long requests. Lists are written by `writers_`, so that looking at what there is does not wait for
    // what others have asked for.
    http::LimitedPool lookers_{1, looking_max};
    http::LimitedPool readers_{2, reading_max};
    http::LimitedPool writers_{1, writing_max};
};

}  // namespace ourvidz
