#include "serve.h"

#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <thread>

#include "base/json.h"
#include "config/examine.h"
#include "node.h"
#include "node_child.h"
#include "port.h"
#include "studio.h"

namespace ourvidz {
namespace {

int fail(const Error& error) {
    std::fprintf(stderr, "ourvidz: %s\n", error.detail.c_str());
    return 1;
}

int refuse(const std::vector<std::string>& faults) {
    for (const auto& one : faults) std::fprintf(stderr, "ourvidz: %s\n", one.c_str());
    return 2;
}

// Every connection is an open file, and many systems let a process have 1,024 unless it asks for what it may
// have.
constexpr rlim_t files_besides = 500;

void allow_many_connections(int connections_max) {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    const auto wanted = static_cast<rlim_t>(connections_max) + files_besides;
    if (limit.rlim_cur >= wanted) return;
    limit.rlim_cur = std::min(wanted, limit.rlim_max);
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < wanted)
        spdlog::warn("the system allows {} open files, {} would be needed for {} connections", limit.rlim_cur,
                     wanted, connections_max);
}

// Tells `ourvidz generate` and other tools of this user where the server is. Removed at the end; who finds
// one checks that it answers.
class Signpost {
  public:
    Signpost(std::filesystem::path file, const std::string& url) : file_(std::move(file)) {
        const auto temporary = file_.string() + ".new";
        std::ofstream out(temporary);
        out << json::serialize(json::object{{"url", url}, {"pid", getpid()}}) << "\n";
        out.close();
        std::filesystem::rename(temporary, file_, ignored_);
    }
    ~Signpost() { std::filesystem::remove(file_, ignored_); }
    Signpost(const Signpost&) = delete;
    Signpost& operator=(const Signpost&) = delete;

  private:
    std::filesystem::path file_;
    std::error_code ignored_;
};

void say_where(const std::string& url, const catalog::Catalog& catalog) {
    std::printf("OurVidz is ready: %s\n", url.c_str());
    for (const auto& kind : {"sdxl_image_fast", "video_fast", "chat_conversation"}) {
        const auto entry = catalog.resolve(kind);
        std::printf("  %-18s %s\n", kind,
                    entry.ok() ? (*entry)->title.c_str() : entry.error().detail.c_str());
    }
    std::printf("Press Ctrl-C to stop.\n");
    std::fflush(stdout);
}

constexpr int stop_grace_ms = 5'000;
constexpr std::chrono::milliseconds look_again{10};
// What waits for the database ends with it, a little after its connection was cut.
constexpr int looks_max = (stop_grace_ms + 5'000) / 10;

// Ends streams, lets what is being answered finish, and then the I/O thread.
boost::asio::awaitable<void> shut_down(http::Server& server, Studio& studio, boost::asio::io_context& io) {
    server.stop();
    studio.stop_waiting();
    boost::asio::steady_timer timer(io);
    for (int looks = 0; looks < looks_max && (server.open_connections() > 0 || studio.at_work()); ++looks) {
        timer.expires_after(look_again);
        co_await timer.async_wait(boost::asio::use_awaitable);
    }
    io.stop();
}

std::string host_in_url(const std::string& host) {
    return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

}  // namespace

int serve(const config::Settings& settings, const std::filesystem::path& executable) {
    if (const auto faults = config::examine(settings); !faults.empty()) return refuse(faults);
    // Said before there is anything to leave behind: a new data folder has tokens and a database in it.
    std::error_code ignored;
    if (!std::filesystem::exists(settings.data_dir, ignored)) {
        if (const auto why = cli::why_port_is_taken(settings.listen); !why.empty())
            return fail({ErrorCode::unavailable,
                         "Cannot listen on " + config::to_string(settings.listen) + ": " + why +
                             ". Stop what listens there, or choose another: --listen 127.0.0.1:PORT",
                         ""});
    }
    allow_many_connections(http::ServerOptions().connections_max);
    // A reader that leaves in the middle of a file must be an error of that write, not the end of the server:
    // sendfile() knows no MSG_NOSIGNAL. The node and its workers inherit it.
    ::signal(SIGPIPE, SIG_IGN);
    boost::asio::io_context io(1);
    auto studio = Studio::open(settings, io);
    if (!studio.ok()) return fail(studio.error());
    http::ServerOptions options;
    options.host = settings.listen.host;
    options.port = static_cast<std::uint16_t>(settings.listen.port);
    options.spool_folder = (*studio)->spool_folder();
    options.stop_grace_ms = stop_grace_ms;
    options.body_memory_bytes_max = static_cast<std::uint64_t>(settings.request_memory_mb) << 20U;
    // Without a login, the only defence against pages on other sites is to answer to our own names alone.
    options.allowed_hosts = {"localhost", "127.0.0.1", "::1", settings.listen.host};
    options.allowed_hosts.insert(options.allowed_hosts.end(), settings.public_hosts.begin(),
                                 settings.public_hosts.end());
    auto server = http::Server::start(io, (*studio)->router(), options);
    if (!server.ok()) return fail(server.error());
    (*studio)->set_connections([&server] { return (*server)->open_connections(); });
    const auto url = "http://" + host_in_url(settings.listen.host) + ":" + std::to_string((*server)->port());
    const Signpost signpost(settings.data_dir / "server.json", url);

    std::unique_ptr<NodeChild> node;
    if (settings.start_node) {
        auto environment = config::as_environment(settings);
        // The first of several with the same name wins.
        environment.insert(environment.begin(),
                           {"OURVIDZ_SERVER_URL=" + url, "OURVIDZ_TOKEN=" + (*studio)->node_token()});
        node = std::make_unique<NodeChild>(io, executable, std::move(environment));
        (*studio)->on_node_report([&child = *node, name = node_name(settings)](std::string_view id) {
            if (id == name) child.heard();
        });
    }
    (*studio)->start_sweeps(io);
    boost::asio::signal_set signals(io, SIGINT, SIGTERM);
    std::thread ending;
    signals.async_wait([&](const boost::system::error_code& failure, int) {
        if (failure) return;
        spdlog::info("stopping");
        if (node) node->ask_to_stop();
        // The node gives its work back while there is still a server to give it to, so the I/O thread goes
        // on.
        ending = std::thread([&] {
            if (node) node->wait_until_stopped();
            boost::asio::co_spawn(io, shut_down(**server, **studio, io), boost::asio::detached);
        });
    });
    say_where(url, *(*studio)->catalog());
    io.run();
    ending.join();
    return 0;
}

int print_routes(const config::Settings& settings) {
    char folder[] = "/tmp/ourvidz-routes-XXXXXX";
    if (mkdtemp(folder) == nullptr) return fail({ErrorCode::unavailable, "No temporary folder.", ""});
    auto temporary = settings;
    temporary.data_dir = folder;
    boost::asio::io_context io(1);
    auto studio = Studio::open(temporary, io);
    int code = 1;
    if (studio.ok()) {
        for (const auto& route : (*studio)->routes()) {
            std::printf("%s %s %s\n", route.method().c_str(), route.pattern().c_str(),
                        std::string(identity::to_string(route.permission())).c_str());
        }
        code = 0;
    } else {
        fail(studio.error());
    }
    studio = Error{};
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
    return code;
}

}  // namespace ourvidz
