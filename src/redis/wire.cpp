#include "redis/wire.h"

#include <boost/url/parse.hpp>

namespace ourvidz::redis {
namespace {

std::string text_of(const redisReply& reply) {
    switch (reply.type) {
        case REDIS_REPLY_STRING:
        case REDIS_REPLY_STATUS:
        case REDIS_REPLY_ERROR:
            return {reply.str, reply.len};
        case REDIS_REPLY_INTEGER:
            return std::to_string(reply.integer);
        default:
            return "";
    }
}

}  // namespace

std::string command(std::initializer_list<std::string_view> words) {
    std::string text = "*" + std::to_string(words.size()) + "\r\n";
    for (const auto word : words) {
        text.append("$").append(std::to_string(word.size())).append("\r\n").append(word).append("\r\n");
    }
    return text;
}

ReplyReader::ReplyReader() : reader_(redisReaderCreate()) {}

Result<void> ReplyReader::put(std::string_view bytes) {
    if (redisReaderFeed(reader_.get(), bytes.data(), bytes.size()) == REDIS_OK) return {};
    return Error{ErrorCode::unavailable, "Redis's answer cannot be read.", ""};
}

Result<std::optional<Reply>> ReplyReader::take() {
    void* found = nullptr;
    if (redisReaderGetReply(reader_.get(), &found) != REDIS_OK)
        return Error{ErrorCode::unavailable, "Redis's answer cannot be read.", ""};
    if (found == nullptr) return std::optional<Reply>();
    const std::unique_ptr<redisReply, void (*)(void*)> reply(static_cast<redisReply*>(found),
                                                             freeReplyObject);
    Reply taken;
    taken.is_error = reply->type == REDIS_REPLY_ERROR;
    taken.text = text_of(*reply);
    if (reply->type == REDIS_REPLY_ARRAY) {
        for (std::size_t i = 0; i < reply->elements; ++i) taken.parts.push_back(text_of(*reply->element[i]));
    }
    return std::optional(std::move(taken));
}

Result<Address> address_from(std::string_view url) {
    const auto parsed = boost::urls::parse_uri(url);
    if (!parsed || parsed->scheme() != "redis" || parsed->host().empty())
        return invalid_field("redis_url", "must be a URL such as redis://:password@host:6379/0");
    Address address;
    address.host = parsed->host_address();
    if (parsed->has_port()) address.port = parsed->port();
    address.password = parsed->password();
    const auto path = parsed->path();
    if (path.size() > 1) address.number = path.substr(1);
    if (address.number.find_first_not_of("0123456789") != std::string::npos)
        return invalid_field("redis_url", "must end with a number, such as redis://host/0");
    return address;
}

}  // namespace ourvidz::redis
