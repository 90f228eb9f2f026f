#include "engine/remote/child_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstring>
#include <deque>
#include <future>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>

#include "engine/errors.h"

namespace ourvidz::engine {
namespace {

constexpr std::size_t kept_lines_max = 8;
constexpr std::size_t line_bytes_max = 400;
// Above the standard descriptors and the child's socket, so that arranging them never overwrites one.
constexpr int safe_descriptor = 10;
constexpr int socket_number = 3;

int moved_up(int descriptor) {
    const int moved = fcntl(descriptor, F_DUPFD_CLOEXEC, safe_descriptor);
    close(descriptor);
    return moved;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> list;
    for (auto& text : texts) list.push_back(text.data());
    list.push_back(nullptr);
    return list;
}

// 0, or an error number.
int spawn(const std::string& executable, const Environment& environment, int socket, int output, pid_t& pid) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
    posix_spawn_file_actions_adddup2(&actions, socket, socket_number);
    posix_spawn_file_actions_addclosefrom_np(&actions, socket_number + 1);

    // A process group of its own: Ctrl-C at the terminal is for the parent, which then ends its workers in
    // order.
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes, 0);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    sigset_t all;
    sigfillset(&all);
    posix_spawnattr_setsigdefault(&attributes, &all);

    std::vector<std::string> arguments{executable};
    std::vector<std::string> settings;
    for (const auto& [name, value] : environment) settings.push_back(name + "=" + value);
    const int failure = posix_spawn(&pid, executable.c_str(), &actions, &attributes,
                                    pointers(arguments).data(), pointers(settings).data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return failure;
}

std::string ending(int status) {
    if (WIFSIGNALED(status)) {
        const int number = WTERMSIG(status);
        return "was ended by signal " + std::to_string(number) + " (" + strsignal(number) + ")";
    }
    return "ended with status " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

struct ChildProcess::State {
    mutable std::mutex mutex;
    std::condition_variable ended;
    pid_t pid = 0;
    std::optional<int> status;  // of waitpid, once it has ended
    std::deque<std::string> lines;
    std::thread watcher;

    void add_line(std::string_view line) {
        if (line.empty()) return;
        const std::lock_guard lock(mutex);
        lines.push_back(short_paths(line.substr(0, line_bytes_max)));
        if (lines.size() > kept_lines_max) lines.pop_front();
    }

    void read_lines(int output) {
        std::array<char, 4096> buffer;
        std::string rest;
        while (true) {
            const auto got = read(output, buffer.data(), buffer.size());
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0) break;
            rest.append(buffer.data(), static_cast<std::size_t>(got));
            std::size_t end = 0;
            while ((end = rest.find('\n')) != std::string::npos) {
                add_line(std::string_view(rest).substr(0, end));
                rest.erase(0, end + 1);
            }
            if (rest.size() > line_bytes_max) rest.resize(line_bytes_max);
        }
        add_line(rest);
        close(output);
    }

    void reap() {
        siginfo_t info;
        while (waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT) < 0 && errno == EINTR) {
        }
        // Reaped under the lock, so that kill() never meets a process number that has been given away again.
        const std::lock_guard lock(mutex);
        int value = 0;
        waitpid(pid, &value, 0);
        status = value;
        ended.notify_all();
    }
};

// The watching thread also starts the child: the child asks to be killed when the thread that started it
// ends, and this one lives as long as the child does.
Result<std::unique_ptr<ChildProcess>> ChildProcess::start(const std::string& executable,
                                                          const Environment& environment, int socket) {
    std::array<int, 2> output{};
    if (pipe2(output.data(), O_CLOEXEC) != 0) {
        close(socket);
        return Error{ErrorCode::unavailable, std::string("No pipe for a worker: ") + std::strerror(errno),
                     ""};
    }
    const int write_end = moved_up(output[1]);
    const int child_socket = moved_up(socket);
    auto state = std::make_unique<State>();
    std::promise<int> started;
    state->watcher = std::thread([&, held = state.get(), read_end = output[0]] {
        const int failure = spawn(executable, environment, child_socket, write_end, held->pid);
        close(write_end);
        close(child_socket);
        started.set_value(failure);
        if (failure != 0) {
            close(read_end);
            return;
        }
        held->read_lines(read_end);
        held->reap();
    });
    const int failure = started.get_future().get();
    if (failure != 0) {
        state->watcher.join();
        return Error{
            ErrorCode::unavailable,
            "The worker " + short_paths(executable) + " cannot be started: " + std::strerror(failure), ""};
    }
    return std::unique_ptr<ChildProcess>(new ChildProcess(std::move(state)));
}

ChildProcess::ChildProcess(std::unique_ptr<State> state) : state_(std::move(state)) {}

ChildProcess::~ChildProcess() {
    kill();
    state_->watcher.join();
}

pid_t ChildProcess::pid() const {
    return state_->pid;
}

bool ChildProcess::alive() const {
    const std::lock_guard lock(state_->mutex);
    return !state_->status.has_value();
}

void ChildProcess::kill() {
    const std::lock_guard lock(state_->mutex);
    if (!state_->status) ::kill(state_->pid, SIGKILL);
}

bool ChildProcess::wait(int timeout_ms) {
    std::unique_lock lock(state_->mutex);
    return state_->ended.wait_for(lock, std::chrono::milliseconds(timeout_ms),
                                  [this] { return state_->status.has_value(); });
}

bool ChildProcess::ended_well() const {
    const std::lock_guard lock(state_->mutex);
    return state_->status == 0;
}

std::string ChildProcess::last_words() const {
    const std::lock_guard lock(state_->mutex);
    std::string text = state_->status ? ending(*state_->status) : "does not answer";
    for (const auto& line : state_->lines) text += (&line == &state_->lines.front() ? ": " : " | ") + line;
    return text;
}

}  // namespace ourvidz::engine
