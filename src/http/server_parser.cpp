#include "http/server_parser.h"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <functional>

#include "base/text.h"
#include "http/framing.h"

namespace ourvidz::http {
namespace {

namespace beast = boost::beast;

constexpr std::size_t headers_max = 100;

Error unreadable(std::string detail) {
    return Error{ErrorCode::malformed_body, std::move(detail), ""};
}

}  // namespace

class RequestParser::Impl final : public beast::http::basic_parser<true> {
  public:
    explicit Impl(std::size_t header_bytes_max) {
        header_limit(static_cast<std::uint32_t>(header_bytes_max));
        body_limit(boost::none);  // the sink counts
    }

    Request request;
    std::string target;
    std::string_view input;  // what put() was given
    BodySink* sink = nullptr;
    std::optional<Error> fault;
    bool expects_continue = false;
    bool http_1_1 = true;

  private:
    using error_code = beast::error_code;

    void on_request_impl(beast::http::verb /*method*/, beast::string_view method,
                         beast::string_view target_text, int version, error_code& failure) override {
        http_1_1 = version == 11;
        if (!is_request_target({target_text.data(), target_text.size()}))
            return fail(failure, unreadable("The address is not valid."));
        request.method.assign(method.data(), method.size());
        target.assign(target_text.data(), target_text.size());
    }

    void on_response_impl(int, beast::string_view, int, error_code&) override {}

    void on_field_impl(beast::http::field field, beast::string_view name, beast::string_view value,
                       error_code& failure) override {
        const std::string_view text(value.data(), value.size());
        if (has_control_characters(text))
            return fail(failure, unreadable("A header has control characters."));
        if (is_folded({name.data(), name.size()}, text))
            return fail(failure, unreadable("A header goes on in a second line."));
        if (is_header_done()) return;  // trailers come after all decisions and are ignored
        if (request.headers.size() >= headers_max)
            return fail(failure, unreadable("There are too many headers."));
        auto lower = in_lower_case({name.data(), name.size()});
        const auto known = request.headers.find(lower);
        if (known == request.headers.end()) {
            request.headers.emplace(std::move(lower), text);
        } else if (is_singleton(lower)) {
            fail(failure,
                 unreadable("There is more than one " + std::string(name.data(), name.size()) + " header."));
        } else {
            known->second += field == beast::http::field::cookie ? "; " : ", ";
            known->second += text;
        }
    }

    // Beast joins the lines of an obsolete folded header in a buffer of its own, or skips a line of spaces.
    [[nodiscard]] bool is_folded(std::string_view name, std::string_view value) const {
        const std::less<const char*> before;
        const char* const name_end = name.data() + name.size();
        const char* const input_end = input.data() + input.size();
        if (before(value.data(), name_end) || before(input_end, value.data())) return true;
        return std::find(name_end, value.data(), '\r') != value.data();
    }

    void on_header_impl(error_code& failure) override {
        const auto field = [this](std::string_view name) {
            const auto found = request.headers.find(name);
            return found == request.headers.end() ? std::nullopt
                                                  : std::optional<std::string_view>(found->second);
        };
        if (auto wrong = framing_fault({field("content-length"), field("transfer-encoding"), http_1_1}))
            return fail(failure, unreadable(std::move(*wrong)));
        // HTTP/1.0 knows no expectations, so one from there means nothing.
        const auto expectation = http_1_1 ? field("expect") : std::nullopt;
        expects_continue = expectation && in_lower_case(*expectation) == "100-continue";
        if (expectation && !expects_continue)
            fail(failure, unreadable("The only expectation that is understood here is 100-continue."));
    }
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}

    std::size_t on_body_impl(beast::string_view bytes, error_code& failure) override {
        if (auto taken = sink->append({bytes.data(), bytes.size()}); !taken) fail(failure, taken.error());
        return bytes.size();
    }

    void on_chunk_header_impl(std::uint64_t size, beast::string_view extension,
                              error_code& failure) override {
        if (has_control_characters({extension.data(), extension.size()}))
            return fail(failure, unreadable("A chunk has control characters before its bytes."));
        if (size > sink->bytes_max()) fail(failure, body_too_large(sink->bytes_max()));
    }

    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view bytes, error_code& failure) override {
        return on_body_impl(bytes, failure);
    }

    void on_finish_impl(error_code&) override {}

    void fail(error_code& failure, Error error) {
        fault = std::move(error);
        failure = beast::http::error::bad_value;
    }
};

RequestParser::RequestParser(std::size_t header_bytes_max) : header_bytes_max_(header_bytes_max) {
    reset();
}
RequestParser::~RequestParser() = default;

void RequestParser::reset() {
    impl_ = std::make_unique<Impl>(header_bytes_max_);
}

Result<std::size_t> RequestParser::put(std::string_view bytes) {
    beast::error_code failure;
    impl_->input = bytes;
    const auto taken = impl_->put(boost::asio::buffer(bytes.data(), bytes.size()), failure);
    if (impl_->fault) return *impl_->fault;
    if (!failure || failure == beast::http::error::need_more) return taken;
    if (failure == beast::http::error::header_limit) {
        return Error{ErrorCode::too_large,
                     "The header may have at most " + std::to_string(header_bytes_max_) + " bytes.", ""};
    }
    return unreadable("This is not a valid HTTP/1.1 request.");
}

bool RequestParser::header_done() const {
    return impl_->is_header_done();
}
bool RequestParser::done() const {
    return impl_->is_done();
}
Request& RequestParser::request() {
    return impl_->request;
}
std::string_view RequestParser::target() const {
    return impl_->target;
}
bool RequestParser::keep_alive() const {
    return impl_->keep_alive();
}
bool RequestParser::is_http_1_1() const {
    return impl_->http_1_1;
}
bool RequestParser::expects_continue() const {
    return impl_->expects_continue;
}
void RequestParser::set_sink(BodySink& sink) {
    impl_->sink = &sink;
    impl_->eager(true);
}

std::optional<std::uint64_t> RequestParser::content_length() const {
    const auto length = impl_->content_length();
    if (!length) return std::nullopt;
    return *length;
}

}  // namespace ourvidz::http
