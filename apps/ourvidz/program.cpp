#include "program.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>

namespace ourvidz::cli {
namespace {

constexpr std::size_t output_bytes_max = 64U << 10U;

// Reads until the other side closes, or until the time is over (false).
bool read_all(int pipe, std::chrono::steady_clock::time_point until, std::string& text) {
    char piece[4096];
    while (true) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now())
                .count();
        pollfd wait{pipe, POLLIN, 0};
        if (left <= 0 || poll(&wait, 1, static_cast<int>(left)) == 0) return false;
        const ssize_t got = read(pipe, piece, sizeof piece);
        if (got <= 0) return true;
        const auto room = output_bytes_max - std::min(text.size(), output_bytes_max);
        text.append(piece, std::min(static_cast<std::size_t>(got), room));
    }
}

}  // namespace

Result<std::string> output_of(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                              std::chrono::milliseconds limit) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return Error{ErrorCode::unavailable, "No more open files.", ""};
    std::vector<std::string> words = {program.string()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> list;
    for (auto& word : words) list.push_back(word.data());
    list.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    pid_t process = -1;
    const int failure = posix_spawn(&process, program.c_str(), &actions, nullptr, list.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (failure != 0) {
        close(ends[0]);
        return Error{ErrorCode::not_found, program.string() + ": " + std::strerror(failure), ""};
    }
    std::string text;
    const bool ended = read_all(ends[0], std::chrono::steady_clock::now() + limit, text);
    close(ends[0]);
    if (!ended) kill(process, SIGKILL);
    int status = 0;
    waitpid(process, &status, 0);
    if (!ended) return Error{ErrorCode::unavailable, "It does not answer.", ""};
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        return Error{ErrorCode::engine_failed, text.empty() ? "It ends at once." : text, ""};
    }
    return text;
}

}  // namespace ourvidz::cli
