#include "studio.h"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fstream>
#include <iterator>
#include <optional>

#include "backup/backup.h"
#include "base/disk_room.h"
#include "base/id.h"
#include "generations/leaving.h"
#include "http/static_files.h"
#include "ledger/ledger_routes.h"
#include "models.h"
#include "store/identity.h"
#include "store/secret.h"
#include "version.h"

namespace ourvidz {
namespace {

// Until accounts exist, everything belongs to one local owner.
constexpr std::string_view local_workspace = "wsp_local";
constexpr std::chrono::seconds lease_sweep_every{1};
constexpr UnixMs day_ms = 24LL * 3'600'000;
// Numbers skipped at every start, and whenever the database's server was away: a power cut or a crash of it
// may have taken back the newest events, whose numbers readers have already seen and which must not come
// again with another meaning.
constexpr std::int64_t event_numbers_skipped = 100'000;

Result<void> skip_event_numbers(db::Connection& connection) {
    OURVIDZ_CHECK(connection.execute(
        "UPDATE workspaces SET last_event = last_event + $1 WHERE last_event > 0", {event_numbers_skipped}));
    return {};
}

Result<void> make_workspace(db::Database& database, const Clock& clock, std::int64_t starting_credits) {
    auto work = [&clock, starting_credits](db::Connection& connection) -> Result<void> {
        OURVIDZ_CHECK(
            connection.execute("INSERT INTO workspaces (id, name, created_at) VALUES ($1, 'Local', $2) ON "
                               "CONFLICT (id) DO NOTHING",
                               {std::string(local_workspace), clock.now_ms()}));
        OURVIDZ_CHECK(ledger::open_accounts(connection, local_workspace, starting_credits, clock));
        return skip_event_numbers(connection);
    };
    return database.write_now(db::Scope::server(), work);
}

// Said before anything is begun: what fails for lack of space later has many names.
Result<void> require_space(const std::filesystem::path& folder) {
    std::error_code failure;
    const auto space = std::filesystem::space(folder, failure);
    if (failure || space.available >= room_for_start) return {};
    return Error{ErrorCode::unavailable,
                 "The disk of " + folder.string() + " is full: " + std::to_string(space.available >> 20U) +
                     " MiB are free, and the studio needs " + std::to_string(room_for_start >> 20U) +
                     " MiB to start. Free some space and start it again.",
                 ""};
}

generations::QueueLimits limits_of(const config::Settings& settings) {
    return {settings.queue_max, settings.queue_workspace_max, settings.queue_kind_max};
}

// By the network: without it pictures are stretched, which is not offered as enlarging.
bool enlarges(const config::Settings& settings) {
    return !settings.upscaler.empty();
}

queue::Policy policy_of(const config::Settings& settings) {
    queue::Policy policy;
    policy.lease_ms = settings.lease_ms;
    policy.attempts_max = settings.attempts_max;
    return policy;
}

// A secret of this data folder: what nodes show, unless the operator gives one, and what the operator shows.
// Made once, readable by the owner only. Whatever else is there in its place is left alone.
Result<std::string> keep_token(const std::filesystem::path& file) {
    {
        std::ifstream in(file);
        std::string token;
        const auto is_seen = [](char c) { return c > ' ' && c <= '~'; };
        if (in >> token && token.size() >= 32 && std::all_of(token.begin(), token.end(), is_seen))
            return token;
    }
    std::error_code ignored;
    std::error_code absent;
    const auto bytes = std::filesystem::file_size(file, absent);
    if (std::filesystem::is_symlink(file, ignored) || (!absent && bytes > 0))
        return Error{ErrorCode::conflict,
                     file.string() +
                         " has no token of at least 32 characters in it. Remove it, and a new one is made.",
                     ""};
    const auto token = random_hex(32);
    const int out = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    const auto text = token + "\n";
    // Nodes elsewhere are told it, so it must outlive a power cut.
    const bool written = out >= 0 &&
                         ::write(out, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                         ::fsync(out) == 0;
    if (out >= 0) ::close(out);
    if (out >= 0 && !written) ::unlink(file.c_str());
    if (!written)
        return Error{ErrorCode::unavailable, "The data folder is not writable: " + file.string(), ""};
    return token;
}

// The web app's files are for everybody.
identity::Answer answer_page(const http::Handler& files, identity::Call call) {
    auto page = co_await files(std::move(call.request));
    co_return page;
}

identity::Route web_route(http::Handler files) {
    return {"GET", "/*", identity::Permission::open, {}, [files = std::move(files)](identity::Call call) {
                return answer_page(files, std::move(call));
            }};
}

// What else must be asked and told when assets go for good.
assets::Others others() {
    return {generations::needed_of, generations::forget_those_without_assets};
}

boost::asio::awaitable<void> sweep_leases_for_ever(generations::NodeApi& nodes) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    for (;;) {
        timer.expires_after(lease_sweep_every);
        co_await timer.async_wait(boost::asio::use_awaitable);
        co_await nodes.sweep_leases();
    }
}

}  // namespace

Result<std::unique_ptr<db::Database>> open_database(const config::Settings& settings) {
    if (settings.database_url.empty())
        return db::open_sqlite(settings.data_dir / backup::database_name, settings.migrations_folder);
    db::PostgresOptions options;
    options.tenant_url = settings.database_url;
    options.server_url = settings.database_server_url;
    options.after_loss = skip_event_numbers;
    return db::open_postgres(options, settings.migrations_folder);
}

Result<std::unique_ptr<files::FileStore>> open_files(const config::Settings& settings, const Clock& clock) {
    if (settings.s3_url.empty()) return files::open_folder(settings.data_dir / backup::files_name);
    files::S3Options options;
    options.url = settings.s3_url;
    options.region = settings.s3_region;
    options.access_key = settings.s3_access_key;
    options.secret_key = settings.s3_secret_key;
    options.links = settings.s3_links;
    return files::open_s3(std::move(options), settings.data_dir / backup::files_name / "incoming", clock);
}

struct Studio::Opened {
    std::unique_ptr<const Clock> clock = std::make_unique<SystemClock>();
    std::unique_ptr<db::Database> database;
    std::shared_ptr<const files::Descriptor> files_lock;
    std::unique_ptr<files::FileStore> files;
    std::unique_ptr<redis::Bus> bus;
    std::optional<catalog::Catalog> catalog;
    std::unique_ptr<safety::Gate> gate;
    std::string node_token;
    std::string file_names_secret;
    std::string operator_token;
};

namespace {

Result<void> make_data_folder(const config::Settings& settings) {
    std::error_code failure;
    std::filesystem::create_directories(settings.data_dir, failure);
    if (failure) {
        return Error{
            ErrorCode::unavailable,
            "The data folder " + settings.data_dir.string() + " cannot be made: " + failure.message(), ""};
    }
    ::chmod(settings.data_dir.c_str(), 0700);
    if (std::filesystem::exists(settings.data_dir / backup::restoring_name, failure)) {
        return Error{ErrorCode::unavailable,
                     "A restore into " + settings.data_dir.string() +
                         " was not finished. Run `ourvidz admin restore` again, or remove its folder " +
                         backup::restoring_name + ".",
                     ""};
    }
    return require_space(settings.data_dir);
}

// What the operator should know of a start that went well.
void tell(const store::Meeting& meeting) {
    if (meeting.brought_back > 0)
        spdlog::info("{} files that the database names were in the trash and are back", meeting.brought_back);
    if (meeting.newer_files.value_or(0) == 0) return;
    spdlog::warn(
        "this database is an older copy than the files: {} files are newer than it and are not shown. They "
        "stay; put the newer database back to have them again. If there is none, `ourvidz admin sweep` moves "
        "them into the trash.",
        *meeting.newer_files);
}

}  // namespace

Result<std::unique_ptr<Studio>> Studio::open(const config::Settings& settings, boost::asio::io_context& io) {
    OURVIDZ_CHECK(make_data_folder(settings));
    Opened opened;
    OURVIDZ_TRY(files, open_files(settings, *opened.clock));
    opened.files = std::move(files);
    OURVIDZ_CHECK(opened.files->try_out());
    if (settings.database_url.empty())
        OURVIDZ_CHECK(store::refuse_new_database(settings.data_dir / backup::database_name, *opened.files));
    OURVIDZ_TRY(database, open_database(settings));
    opened.database = std::move(database);
    if (settings.s3_url.empty()) {
        OURVIDZ_TRY(lock, files::lock_folder(settings.data_dir / backup::files_name));
        opened.files_lock = std::move(lock);
    }
    OURVIDZ_TRY(meeting, store::meet(*opened.database, *opened.files, *opened.clock));
    tell(meeting);
    OURVIDZ_TRY(file_names_secret, store::secret(*opened.database, "file_names"));
    opened.file_names_secret = std::move(file_names_secret);
    if (!settings.redis_url.empty()) {
        redis::BusOptions bus_options;
        bus_options.url = settings.redis_url;
        OURVIDZ_TRY(bus, redis::Bus::start(io.get_executor(), std::move(bus_options)));
        opened.bus = std::move(bus);
    }
    OURVIDZ_TRY(catalog, cli::load_catalog(settings));
    opened.catalog = std::move(catalog);
    OURVIDZ_TRY(gate, safety::Gate::open());
    opened.gate = std::move(gate);
    if (settings.token.empty()) {
        OURVIDZ_TRY(token, keep_token(settings.data_dir / "node.token"));
        opened.node_token = token;
    } else {
        opened.node_token = settings.token;
    }
    OURVIDZ_TRY(operator_token, keep_token(settings.data_dir / operator_token_name));
    opened.operator_token = operator_token;
    OURVIDZ_CHECK(make_workspace(*opened.database, *opened.clock, settings.starting_credits));
    std::unique_ptr<Studio> studio(new Studio(std::move(opened), settings, io));
    http::StaticOptions site;
    site.base_path = settings.base_path;
    if (auto web = http::static_files(settings.web_folder, std::move(site)); web.ok()) {
        studio->door_.open({web_route(std::move(*web))}, studio->router_);
    } else {
        spdlog::warn("no web app in {}: only the API is served", settings.web_folder.string());
    }
    return studio;
}

Studio::Studio(Opened opened, const config::Settings& settings, boost::asio::io_context& io)
    : owned_clock_(std::move(opened.clock)),
      clock_(*owned_clock_),
      database_(std::move(opened.database)),
      files_lock_(std::move(opened.files_lock)),
      files_(std::move(opened.files)),
      catalog_(std::move(*opened.catalog), cli::choices_file(settings), cli::reload_catalog(settings)),
      gate_(std::move(opened.gate)),
      node_token_(std::move(opened.node_token)),
      file_names_(std::move(opened.file_names_secret)),
      settings_(settings),
      bus_(std::move(opened.bus)),
      hub_(io.get_executor()),
      announcements_(bus_ ? queue::shared_announcements(io.get_executor(), *bus_)
                          : queue::in_process_announcements(io.get_executor())),
      word_lists_(settings.data_dir / "word-lists"),
      live_(clock_, enlarges(settings)),
      live_share_(bus_ ? std::make_unique<generations::LiveShare>(live_, *bus_) : nullptr),
      machine_share_(bus_ ? std::make_unique<generations::MachineShare>(*bus_, clock_) : nullptr),
      notices_(io.get_executor(), *database_, hub_, *announcements_, live_, live_share_.get(), clock_),
      file_answers_(*files_),
      assets_api_(*files_, file_answers_, hub_, clock_,
                  [this](const std::string& bytes) { return decode_upload(bytes); }),
      trash_api_({hub_, clock_, others(), settings_.trash_days, [this] { housekeeping_.purge_soon(); }}),
      models_(catalog_, lookers_),
      preparer_(catalog_, *gate_, word_lists_, enlarges(settings)),
      generations_api_(preparer_, lookers_, readers_, writers_, live_, notices_, metrics_, clock_,
                       limits_of(settings)),
      chat_api_({preparer_, models_, *gate_, readers_, writers_, live_, notices_, metrics_, clock_,
                 limits_of(settings)}),
      runs_api_({preparer_, catalog_, readers_, live_, notices_, metrics_, clock_, limits_of(settings)}),
      queue_api_(preparer_, readers_, live_, notices_, clock_),
      node_api_({*database_, *files_, file_answers_, models_, file_names_, *gate_, *announcements_, live_,
                 nodes_, notices_, metrics_, clock_, machine_share_.get()},
                policy_of(settings)),
      operator_api_({*database_, preparer_, readers_, notices_, metrics_, clock_, limits_of(settings)}),
      housekeeping_({*database_, *files_, *gate_, metrics_, clock_, others(), settings_.trash_days * day_ms,
                     [this, executor = io.get_executor()](const std::string& workspace) {
                         boost::asio::post(executor, [this, workspace] { hub_.announce(workspace); });
                     }}),
      studio_api_({*database_, *files_, models_, nodes_, metrics_, clock_, [this] { return hub_.readers(); },
                   [this] { return connections_(); },
                   [this] {
                       const auto found = housekeeping_.findings();
                       return generations::StudioApi::Findings{found.database, found.files};
                   },
                   loop_watch_, bus_.get(), enlarges(settings)},
                  std::string(version)),
      door_(*database_, {node_token_, std::move(opened.operator_token)}, std::string(local_workspace)) {
    if (bus_) hub_.share(*bus_);
    if (enlarges(settings)) {
        auto options = media_options();
        options.upscaler_path = settings_.upscaler.string();
        options.workers_max = 1;
        options.idle_max = 1;
        workbench_ = std::make_unique<workbench::Workbench>(
            workbench::Workbench::Parts{*database_, *files_, *gate_, *announcements_, live_, notices_,
                                        metrics_, clock_},
            policy_of(settings), std::move(options));
    }
    add(modules());
}

std::vector<studio::Module> Studio::modules() {
    return {
        generations_api_.module(), {queue_api_.routes(), {}, {}, {queue::count_audit()}},
        chat_api_.module(),        runs_api_.module(),
        assets_api_.module(),      {trash_api_.routes()},
        ledger::module(),          {node_api_.routes()},
        {operator_api_.routes()},  {studio_api_.routes()},
    };
}

void Studio::add(std::vector<studio::Module> modules) {
    std::vector<events::Subject> subjects;
    for (auto& module : modules) {
        door_.open(std::move(module.routes), router_);
        std::move(module.subjects.begin(), module.subjects.end(), std::back_inserter(subjects));
        housekeeping_.add(std::move(module.sweeps), std::move(module.audits));
    }
    auto moments = [this](std::string workspace) { return notices_.moments(std::move(workspace)); };
    events_api_ = std::make_unique<events::EventsApi>(hub_, events::Subjects(std::move(subjects)), moments);
    door_.open(events_api_->routes(), router_);
    housekeeping_.add({{"events", events::forget_old}}, {});
}

void Studio::start_sweeps(boost::asio::io_context& io) {
    loop_watch_.start(io);
    boost::asio::co_spawn(io, sweep_leases_for_ever(node_api_), boost::asio::detached);
    if (workbench_) boost::asio::co_spawn(io, workbench_->work(), boost::asio::detached);
    housekeeping_.start(io);
}

media::MediaOptions Studio::media_options() const {
    media::MediaOptions options;
    options.executable = config::worker_path(settings_, "media_worker").string();
    options.memory_mb = settings_.media_memory_mb;
    return options;
}

// Uploads are rare: the sandbox starts with the first one. A start that fails is tried again by the next.
Result<media::MediaClient*> Studio::media() {
    const std::lock_guard lock(media_mutex_);
    if (media_ != nullptr) return media_.get();
    auto options = media_options();
    options.workers_max = assets::upload_lanes;
    options.idle_max = 2;
    auto started = media::MediaClient::start(std::move(options), clock_);
    if (!started.ok()) {
        spdlog::error("the worker that reads uploads cannot be started: {}", started.error().detail);
        return Error{ErrorCode::unavailable, "Pictures cannot be read right now. Try again in a moment.", ""};
    }
    media_ = *std::move(started);
    return media_.get();
}

Result<assets::DecodedUpload> Studio::decode_upload(const std::string& bytes) {
    OURVIDZ_TRY(reader, media());
    auto decoded = reader->decode_upload(bytes);
    if (!decoded.ok() && decoded.error().code == ErrorCode::engine_failed) {
        // A decoder's own text is for the log.
        spdlog::warn("an upload could not be read: {}", decoded.error().detail);
        return Error{ErrorCode::engine_failed,
                     "Reading this picture failed. Try again, or save it in another format.", ""};
    }
    if (!decoded.ok()) return decoded.error();
    auto& file = *decoded;
    return assets::DecodedUpload{file.picture.width, file.picture.height, std::move(file.picture.bytes),
                                 std::move(file.thumbnail.bytes)};
}

}  // namespace ourvidz
