// A program of ours as a child: started with a socket as descriptor 3, everything it prints kept (the last
// lines), its end noticed. It cannot outlive this object or this program.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace ourvidz::engine {

using Environment = std::vector<std::pair<std::string, std::string>>;

// Thread-safe. The program's children must be waited for by nobody else.
class ChildProcess {
  public:
    // `socket` becomes the child's descriptor 3 and is closed here. The environment is exactly `environment`.
    // Error unavailable: the program cannot be started.
    [[nodiscard]] static Result<std::unique_ptr<ChildProcess>> start(const std::string& executable,
                                                                     const Environment& environment,
                                                                     int socket);
    ~ChildProcess();  // kills
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    [[nodiscard]] pid_t pid() const;
    [[nodiscard]] bool alive() const;
    void kill();
    // True if it has ended within the time.
    bool wait(int timeout_ms);
    // True if it has ended by itself with status 0.
    [[nodiscard]] bool ended_well() const;
    // How it ended and the last lines that it printed, as one sentence: call it after wait().
    [[nodiscard]] std::string last_words() const;

  private:
    struct State;
    explicit ChildProcess(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace ourvidz::engine
