#include "node_child.h"

#include <spdlog/spdlog.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <set>
#include <string_view>
#include <thread>

#include "base/clock.h"

namespace ourvidz {
namespace {

constexpr std::int64_t quick_death_ms = 10'000;
constexpr int restart_ms_first = 200;
constexpr int restart_doublings_max = 7;
constexpr int stop_ms_max = 8'000;
constexpr int stop_look_ms = 20;
constexpr std::chrono::seconds tick_every{1};
constexpr int silence_ticks_max = 20;  // a node reports every two seconds, and its first start may take a few

}  // namespace

NodeChild::NodeChild(boost::asio::io_context& io, std::filesystem::path executable,
                     std::vector<std::string> environment)
    : executable_(std::move(executable)),
      environment_(std::move(environment)),
      child_signals_(io, SIGCHLD),
      restart_(io),
      tick_(io) {
    // What we give wins, and what it hides (the server's secrets) is not handed on at all.
    std::set<std::string, std::less<>> given;
    for (const auto& line : environment_) given.insert(line.substr(0, line.find('=')));
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view line(*entry);
        if (given.find(line.substr(0, line.find('='))) == given.end()) environment_.emplace_back(line);
    }
    watch();
    start();
    tick();
}

NodeChild::~NodeChild() {
    ask_to_stop();
    wait_until_stopped();
}

void NodeChild::start() {
    std::vector<char*> environment;
    environment.reserve(environment_.size() + 1);
    for (auto& entry : environment_) environment.push_back(entry.data());
    environment.push_back(nullptr);
    std::string name = executable_.string();
    std::string command = "node";
    char* arguments[] = {name.data(), command.data(), nullptr};
    const auto parent = getpid();
    started_ms_ = SystemClock().now_ms();
    silent_ticks_ = 0;
    pid_ = fork();
    if (pid_ != 0) {
        if (pid_ < 0) spdlog::error("the node could not be started");
        return;
    }
    // In the child, only what is safe after fork in a process with threads.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1);
    closefrom(STDERR_FILENO + 1);  // none of the server's connections and files
    setpgid(0, 0);                 // Ctrl-C reaches the server alone, which then ends the node in order
    execve(name.c_str(), arguments, environment.data());
    _exit(127);
}

void NodeChild::watch() {
    child_signals_.async_wait([this](const boost::system::error_code& failure, int) {
        if (failure) return;
        int status = 0;
        if (pid_ > 0 && waitpid(pid_, &status, WNOHANG) == pid_) ended();
        watch();
    });
}

void NodeChild::tick() {
    tick_.expires_after(tick_every);
    tick_.async_wait([this](const boost::system::error_code& failure) {
        if (failure || stopping_) return;
        if (pid_ > 0 && ++silent_ticks_ == silence_ticks_max) {
            spdlog::warn("the node has said nothing for {} s; ending it", silence_ticks_max);
            ::kill(pid_, SIGKILL);
        }
        tick();
    });
}

void NodeChild::ended() {
    pid_ = -1;
    if (stopping_) return;
    const bool quick = SystemClock().now_ms() - started_ms_ < quick_death_ms;
    quick_deaths_ = quick ? quick_deaths_ + 1 : 0;
    const auto rest_ms = restart_ms_first << std::min(quick_deaths_, restart_doublings_max);
    spdlog::warn("the node ended; starting it again in {} ms", rest_ms);
    restart_.expires_after(std::chrono::milliseconds(rest_ms));
    restart_.async_wait([this](const boost::system::error_code& failure) {
        if (!failure && !stopping_) start();
    });
}

void NodeChild::ask_to_stop() {
    stopping_ = true;
    child_signals_.cancel();
    restart_.cancel();
    tick_.cancel();
    if (pid_ > 0) ::kill(pid_, SIGTERM);
}

void NodeChild::wait_until_stopped() {
    if (pid_ <= 0) return;
    for (int waited = 0; waited < stop_ms_max; waited += stop_look_ms) {
        if (waitpid(pid_, nullptr, WNOHANG) == pid_) {
            pid_ = -1;
            return;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(stop_look_ms));
    }
    ::kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = -1;
}

}  // namespace ourvidz
