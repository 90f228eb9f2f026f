#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "engine/protocol.h"
#include "engine/worker/request_loop.h"
#include "engine/worker/sandbox.h"
#include "engine/worker/worker_loop.h"

namespace ourvidz::engine {
namespace {

constexpr int socket_number = 3;

// Read by the engines' libraries when they are loaded, so they must be there before this program starts. A
// thread that waits by spinning (OpenMP's way) makes a step thirty times slower as soon as a neighbour wants
// the core, and ggml starts a debugger when it aborts.
struct Setting {
    const char* name;
    const char* value;
};
constexpr Setting needed[] = {{"OMP_WAIT_POLICY", "passive"}, {"GGML_NO_BACKTRACE", "1"}};

// Starts this program again if a setting is missing; does not return then.
void restart_with_settings(char** argv) {
    bool complete = true;
    for (const auto& setting : needed) {
        if (std::getenv(setting.name) != nullptr) continue;
        complete = false;
        setenv(setting.name, setting.value, 1);
    }
    if (complete) return;
    execv("/proc/self/exe", argv);
    std::fprintf(stderr, "the worker could not restart itself: %s\n", std::strerror(errno));
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
    return text;
}

void print_version(const WorkerInfo& info) {
    std::printf("%s worker, %s, protocol %d\nback ends: %s\ncapabilities: %s\n", info.worker.c_str(),
                info.version.c_str(), protocol_version, joined(info.back_ends).c_str(),
                joined(info.capabilities).c_str());
}

int fail(const Error& error) {
    std::fprintf(stderr, "%s\n", error.detail.c_str());
    return 1;
}

}  // namespace

int worker_main(int argc, char** argv, const WorkerInfo& info,
                const std::function<Result<std::unique_ptr<WorkerEngine>>()>& make) {
    if (argc == 2 && std::string_view(argv[1]) == "--version") {
        print_version(info);
        return 0;
    }
    if (argc != 1) {
        std::fprintf(stderr,
                     "usage: %s [--version]; it is started by the node, with a socket as descriptor 3\n",
                     argv[0]);
        return 2;
    }
    restart_with_settings(argv);
    const pid_t parent = getppid();
    if (auto locked = lock_in(); !locked.ok()) return fail(locked.error());
    // The parent may have died before the lock-in asked to be told.
    if (getppid() != parent) return 1;

    auto engine = make();
    if (!engine.ok()) return fail(engine.error());
    Channel channel(socket_number);
    const int status = serve_requests(channel, info, **engine);
    // Nothing is left to be saved, and the system frees an engine's memory faster than the engine does: a
    // studio that stops waits for this.
    std::fflush(nullptr);
    std::_Exit(status);
}

}  // namespace ourvidz::engine
