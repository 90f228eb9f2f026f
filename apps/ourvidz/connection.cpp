#include "connection.h"

#include <utility>

#include "base/id.h"

namespace ourvidz::cli {
namespace {

constexpr int call_ms_max = 30'000;
constexpr int transfer_ms_max = 600'000;

// While it lives, a request to stop ends the client's call.
class StopsCall {
  public:
    StopsCall(Interrupt& interrupt, http::Client& client) : interrupt_(interrupt) {
        if (!interrupt_.requested()) interrupt_.on_request([&client] { client.interrupt(); });
    }
    ~StopsCall() { interrupt_.on_request({}); }
    StopsCall(const StopsCall&) = delete;
    StopsCall& operator=(const StopsCall&) = delete;

  private:
    Interrupt& interrupt_;
};

Result<json::object> object_of(const http::Reply& reply) {
    OURVIDZ_TRY(answer, parse_json_object(reply.body));
    if (reply.status < 300) return std::move(answer);
    const auto code = error_code_from(text_member(answer, "code"));
    return Error{code.value_or(ErrorCode::unavailable), printable(text_member(answer, "detail")),
                 text_member(answer, "field")};
}

}  // namespace

Connection::Connection(Server server, std::unique_ptr<OwnServer> own, Interrupt& interrupt)
    : server_(std::move(server)),
      own_(std::move(own)),
      client_(std::make_unique<http::Client>(server_.url, server_.token)),
      interrupt_(&interrupt) {}

Result<Connection> Connection::open(const config::Settings& settings, Interrupt& interrupt,
                                    ProgressLine& line) {
    Server server{settings.server_url.empty() ? listening_server(settings) : settings.server_url,
                  settings.token};
    std::unique_ptr<OwnServer> own;
    if (server.url.empty()) {
        line.show("starting a server for " + settings.data_dir.string(), 0);
        OURVIDZ_TRY(started, OwnServer::start(settings, interrupt));
        own = std::make_unique<OwnServer>(std::move(started));
        server.url = own->url();
    }
    if (interrupt.requested()) return Error{ErrorCode::canceled, "Canceled.", ""};
    return Connection(std::move(server), std::move(own), interrupt);
}

Result<json::object> Connection::get(std::string_view path) {
    const StopsCall stops(*interrupt_, *client_);
    OURVIDZ_TRY(reply, client_->send("GET", path, "", {}, call_ms_max));
    return object_of(reply);
}

Result<json::object> Connection::post_once(std::string_view path, const json::object& body) {
    const StopsCall stops(*interrupt_, *client_);
    const http::Client::Headers headers = {{"Content-Type", "application/json"},
                                           {"Idempotency-Key", random_hex(16)}};
    OURVIDZ_TRY(reply, client_->send("POST", path, json::serialize(body), headers, call_ms_max));
    return object_of(reply);
}

Result<void> Connection::download(std::string_view path, const std::filesystem::path& file) {
    const StopsCall stops(*interrupt_, *client_);
    return client_->download(path, file, transfer_ms_max);
}

Result<std::string> Connection::read(std::string_view path) {
    const StopsCall stops(*interrupt_, *client_);
    OURVIDZ_TRY(reply, client_->send("GET", path, "", {}, transfer_ms_max));
    if (reply.status != 200) {
        const auto problem = object_of(reply);
        return problem ? Error{ErrorCode::unavailable, "The server did not send the file.", ""}
                       : problem.error();
    }
    return std::move(reply.body);
}

}  // namespace ourvidz::cli
