// HTTP in and out of conversations.
#pragma once

#include <string>

#include "chat/chat.h"
#include "generations/generations_routes.h"
#include "generations/models_now.h"
#include "http/limited_pool.h"
#include "studio/module.h"

namespace ourvidz::chat {

class ChatApi {
  public:
    struct Parts {
        const generations::Preparer& preparer;
        const generations::ModelsNow& models;
        const safety::Gate& gate;
        http::LimitedPool& readers;  // on which what is said is judged, and
        http::LimitedPool& writers;  // whole conversations are written, since the I/O thread must not
        generations::LiveBoard& live;
        generations::Notices& notices;
        generations::Metrics& metrics;
        const Clock& clock;
        generations::QueueLimits limits;
    };
    explicit ChatApi(Parts parts) : parts_(parts) {}
    [[nodiscard]] studio::Module module();

  private:
    struct Whole;
    identity::Answer list_page(identity::Call call);
    identity::Answer create_one(identity::Call call);
    identity::Answer get(identity::Call call);
    identity::Answer change(identity::Call call);
    identity::Answer remove_one(identity::Call call);
    identity::Answer say(identity::Call call);
    [[nodiscard]] Result<generations::Prepared> prepare(const Plan& plan) const;
    [[nodiscard]] Messages with_live_words(Messages messages) const;
    http::asio::awaitable<Result<http::Response>> whole_response(int status, Whole whole);
    [[nodiscard]] http::Response sent_response(const Sent& sent) const;

    Parts parts_;
};

}  // namespace ourvidz::chat
