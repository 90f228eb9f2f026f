// The server that `generate` and `fetch` talk to: the one named, the one that listens for this data folder,
// or one of their own.
#pragma once

#include <memory>

#include "base/result.h"
#include "config/settings.h"
#include "console.h"
#include "follow.h"
#include "http/client.h"
#include "interrupt.h"
#include "server_link.h"

namespace ourvidz::cli {

class Connection {
  public:
    // Starts a server where none listens, and says so on the line.
    static Result<Connection> open(const config::Settings& settings, Interrupt& interrupt,
                                   ProgressLine& line);

    [[nodiscard]] const Server& server() const { return server_; }

    // The answer's object. A request to stop ends the call; one that came before leaves it alone, so that
    // what was finished until then can still be fetched.
    Result<json::object> get(std::string_view path);
    // A POST that counts once, however often it arrives.
    Result<json::object> post_once(std::string_view path, const json::object& body);
    Result<void> download(std::string_view path, const std::filesystem::path& file);
    // The file itself.
    Result<std::string> read(std::string_view path);

  private:
    Connection(Server server, std::unique_ptr<OwnServer> own, Interrupt& interrupt);

    Server server_;
    std::unique_ptr<OwnServer> own_;
    std::unique_ptr<http::Client> client_;
    Interrupt* interrupt_;
};

}  // namespace ourvidz::cli
