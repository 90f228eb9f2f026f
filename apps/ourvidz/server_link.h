// The server that a command talks to: the one named, the one that listens for this data folder, or one of its
// own.
#pragma once

#include <sys/types.h>

#include <string>

#include "base/result.h"
#include "config/settings.h"
#include "http/client.h"
#include "interrupt.h"

namespace ourvidz::cli {

// A server that runs as long as this object, in a process group of its own so that Ctrl-C in a terminal does
// not reach it. It dies with this process whatever happens.
class OwnServer {
  public:
    static Result<OwnServer> start(const config::Settings& settings, Interrupt& interrupt);
    ~OwnServer();
    OwnServer(OwnServer&& other) noexcept;
    OwnServer& operator=(OwnServer&&) = delete;

    [[nodiscard]] const std::string& url() const { return url_; }

  private:
    OwnServer(pid_t process, int log) : process_(process), log_(log) {}
    [[nodiscard]] Result<void> wait_until_ready(const config::Settings& settings, Interrupt& interrupt);
    [[nodiscard]] bool has_ended();
    [[nodiscard]] std::string last_words() const;

    pid_t process_ = -1;
    int log_ = -1;  // what it wrote, kept in memory to be shown if it fails
    std::string url_;
};

// The URL of the server that listens for the data folder; empty if there is none that answers.
[[nodiscard]] std::string listening_server(const config::Settings& settings);

}  // namespace ourvidz::cli
