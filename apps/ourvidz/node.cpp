#include "node.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <string>

#include "base/sha256.h"
#include "exit_status.h"
#include "interrupt.h"
#include "models.h"
#include "node/node.h"
#include "server_link.h"

namespace ourvidz {
namespace {

node::KindOptions kind_options(const config::WorkerSettings& settings) {
    return {settings.count, settings.memory_mb, settings.always_loaded, settings.threads};
}

Result<node::Options> options_of(const config::Settings& settings, const std::string& url) {
    node::Options options;
    options.server = {url, settings.token};
    options.node_id = node_name(settings);
    options.executables = settings.worker_folder;
    options.upscaler_onnx = settings.upscaler;
    options.media_memory_mb = settings.media_memory_mb;
    OURVIDZ_TRY(places, cli::catalog_places(settings));
    options.memory.budget_mb = places.memory_mb_max;
    options.catalog = std::move(places);
    options.choices = cli::choices_file(settings);
    options.reload = cli::reload_catalog(settings);
    options.memory.on_accelerator = settings.accelerator;
    options.memory.kinds[node::WorkerKind::image] = kind_options(settings.image);
    options.memory.kinds[node::WorkerKind::video] = kind_options(settings.video);
    options.memory.kinds[node::WorkerKind::chat] = kind_options(settings.chat);
    return options;
}

// Two nodes of one name would take each other's jobs for forgotten ones. The lock is held until the process
// ends.
Result<void> be_the_only_node(const std::filesystem::path& data_dir) {
    std::error_code failure;
    std::filesystem::create_directories(data_dir, failure);
    const auto path = data_dir / "node.lock";
    const int lock = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0)
        return Error{ErrorCode::unavailable, "The data folder is not writable: " + data_dir.string(), ""};
    if (flock(lock, LOCK_EX | LOCK_NB) == 0) return {};
    ::close(lock);
    return Error{
        ErrorCode::unavailable,
        "A node already runs for this data folder. Give a second node on this machine its own --data-dir.",
        ""};
}

}  // namespace

std::string node_name(const config::Settings& settings) {
    char host[256] = "";
    gethostname(host, sizeof host - 1);
    return std::string(host) + "-" + sha256_hex(settings.data_dir.string()).substr(0, 8);
}

int run_node(const config::Settings& settings) {
    const auto url = settings.server_url.empty() ? cli::listening_server(settings) : settings.server_url;
    if (url.empty()) {
        return cli::report(
            {ErrorCode::unavailable,
             "No server listens for this data folder; start one with `ourvidz serve`, or name one with "
             "--server.",
             ""});
    }
    auto options_here = options_of(settings, url);
    if (!options_here) return cli::report(options_here.error());
    auto& options = *options_here;
    if (options.server.bearer.empty() && settings.server_url.empty()) {
        std::ifstream(settings.data_dir / "node.token") >> options.server.bearer;
    }
    if (options.server.bearer.empty()) {
        return cli::report(
            invalid_field("--token", "is needed: what the server's data folder has in node.token"));
    }
    if (const auto alone = be_the_only_node(settings.data_dir); !alone) return cli::report(alone.error());
    ::signal(SIGPIPE, SIG_IGN);  // a worker or a server that goes away is an error of one write
    std::atomic<bool> stop = false;
    cli::Interrupt interrupt;
    interrupt.on_request([&stop] { stop = true; });
    const auto done = node::run(options, stop);
    return done ? cli::exit_ok : cli::report(done.error());
}

}  // namespace ourvidz
