#include "server_link.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/json.h"

namespace ourvidz::cli {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr auto start_time_max = 60s;
constexpr auto stop_time_max = 15s;
constexpr auto look_again = 50ms;
constexpr int answer_ms_max = 2000;
constexpr std::size_t last_words_bytes_max = 2000;

struct ServerFile {
    std::string url;
    std::int64_t pid = 0;
};

std::optional<ServerFile> read_server_file(const fs::path& data_dir) {
    std::ifstream file(data_dir / "server.json", std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto object = parse_json_object(text);
    if (!object) return std::nullopt;
    FieldReader reader(*object);
    ServerFile found{reader.required_text("url", 256), reader.required_integer("pid", 1, 1LL << 40U)};
    if (found.url.empty() || found.pid < 2) return std::nullopt;
    return found;
}

bool answers(const std::string& url, std::string_view path) {
    http::Client client(url, "");
    const auto reply = client.send("GET", path, "", {}, answer_ms_max);
    return reply && reply->status == 200;
}

// Null-terminated pointers into `lines`, as exec wants them.
std::vector<char*> pointers(std::vector<std::string>& lines) {
    std::vector<char*> list;
    list.reserve(lines.size() + 1);
    for (auto& line : lines) list.push_back(line.data());
    list.push_back(nullptr);
    return list;
}

// This process's environment with the settings put over it.
std::vector<std::string> child_environment(const config::Settings& settings) {
    auto own = settings;
    own.listen.port = 0;
    own.server_url.clear();
    auto lines = config::as_environment(own);
    std::set<std::string> names;
    for (const auto& line : lines) names.insert(line.substr(0, line.find('=')));
    for (char** line = environ; *line != nullptr; ++line) {
        const std::string text = *line;
        if (!names.contains(text.substr(0, text.find('=')))) lines.push_back(text);
    }
    return lines;
}

}  // namespace

std::string listening_server(const config::Settings& settings) {
    const auto found = read_server_file(settings.data_dir);
    return found && answers(found->url, "/api/v1/health") ? found->url : "";
}

OwnServer::OwnServer(OwnServer&& other) noexcept
    : process_(std::exchange(other.process_, -1)),
      log_(std::exchange(other.log_, -1)),
      url_(std::move(other.url_)) {}

OwnServer::~OwnServer() {
    if (process_ > 0) {
        kill(process_, SIGTERM);
        const auto until = std::chrono::steady_clock::now() + stop_time_max;
        while (!has_ended() && std::chrono::steady_clock::now() < until) usleep(20'000);
        if (process_ > 0) {
            kill(process_, SIGKILL);
            waitpid(process_, nullptr, 0);
        }
    }
    if (log_ >= 0) close(log_);
}

Result<OwnServer> OwnServer::start(const config::Settings& settings, Interrupt& interrupt) {
    std::error_code failure;
    const fs::path program = fs::read_symlink("/proc/self/exe", failure);
    std::vector<std::string> arguments = {program.string(), "serve"};
    auto environment = child_environment(settings);
    // Everything is made ready before the fork: after it, only calls that are safe there.
    const auto argument_list = pointers(arguments);
    const auto environment_list = pointers(environment);
    const int log = memfd_create("ourvidz-serve", MFD_CLOEXEC);
    const pid_t parent = getpid();
    const pid_t process = fork();
    if (process < 0)
        return Error{ErrorCode::unavailable, "A server cannot be started: no more processes.", ""};
    if (process == 0) {
        setpgid(0, 0);
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (getppid() != parent) _exit(1);
        pthread_sigmask(SIG_SETMASK, &interrupt.previous_mask(), nullptr);
        dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
        dup2(log, STDOUT_FILENO);
        dup2(log, STDERR_FILENO);
        closefrom(STDERR_FILENO + 1);
        execve(program.c_str(), argument_list.data(), environment_list.data());
        _exit(127);
    }
    OwnServer server(process, log);
    OURVIDZ_CHECK(server.wait_until_ready(settings, interrupt));
    return server;
}

bool OwnServer::has_ended() {
    if (process_ > 0 && waitpid(process_, nullptr, WNOHANG) == process_) process_ = -1;
    return process_ < 0;
}

std::string OwnServer::last_words() const {
    const off_t size = lseek(log_, 0, SEEK_END);
    const auto bytes = std::min<off_t>(size, last_words_bytes_max);
    std::string text(static_cast<std::size_t>(bytes), '\0');
    if (pread(log_, text.data(), text.size(), size - bytes) < 0) return "";
    return text;
}

Result<void> OwnServer::wait_until_ready(const config::Settings& settings, Interrupt& interrupt) {
    const auto until = std::chrono::steady_clock::now() + start_time_max;
    while (std::chrono::steady_clock::now() < until) {
        const pid_t process = process_;
        if (has_ended()) {
            return Error{ErrorCode::unavailable, "The server that was started has ended:\n" + last_words(),
                         ""};
        }
        const auto found = read_server_file(settings.data_dir);
        if (found && found->pid == process && answers(found->url, "/api/v1/ready")) {
            url_ = found->url;
            return {};
        }
        if (!interrupt.wait(look_again)) return Error{ErrorCode::canceled, "Canceled.", ""};
    }
    return Error{ErrorCode::unavailable,
                 "The server that was started is not ready after a minute:\n" + last_words(), ""};
}

}  // namespace ourvidz::cli
