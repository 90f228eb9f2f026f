// Redis's protocol, by way of hiredis: commands to bytes, bytes to replies.
#pragma once

#include <hiredis/hiredis.h>

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace ourvidz::redis {

[[nodiscard]] std::string command(std::initializer_list<std::string_view> words);

struct Reply {
    bool is_error = false;
    std::string text;                // of a single reply
    std::vector<std::string> parts;  // of an array: its texts; other parts are empty
};

class ReplyReader {
  public:
    ReplyReader();
    // Errors: unavailable for what is not Redis's protocol.
    [[nodiscard]] Result<void> put(std::string_view bytes);
    // The next whole reply.
    [[nodiscard]] Result<std::optional<Reply>> take();

  private:
    struct Free {
        void operator()(redisReader* reader) const { redisReaderFree(reader); }
    };
    std::unique_ptr<redisReader, Free> reader_;
};

struct Address {
    std::string host;
    std::string port = "6379";
    std::string password;
    std::string number = "0";
};
// redis://[:password@]host[:port][/number]. Errors: invalid_field.
[[nodiscard]] Result<Address> address_from(std::string_view url);

}  // namespace ourvidz::redis
