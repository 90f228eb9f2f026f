// What somebody does with their own generations: pause, resume, move and change what waits, and put away what
// has failed.
#pragma once

#include <string>

#include "generations/edit.h"
#include "generations/notices.h"
#include "http/limited_pool.h"
#include "identity/door.h"

namespace ourvidz::generations {

class QueueApi {
  public:
    // `readers` as for GenerationsApi.
    QueueApi(const Preparer& preparer, http::LimitedPool& readers, LiveBoard& live, Notices& notices,
             const Clock& clock)
        : preparer_(preparer), readers_(readers), live_(live), notices_(notices), clock_(clock) {}
    [[nodiscard]] identity::Routes routes();

  private:
    using Answer = identity::Answer;
    Answer set_paused(identity::Call call, bool paused);
    Answer move(identity::Call call);
    Answer edit(identity::Call call);
    Answer put_away(const identity::Call& call, const json::object& body);
    Answer changed(const identity::Caller& caller, Result<Generation> generation);

    const Preparer& preparer_;
    http::LimitedPool& readers_;
    LiveBoard& live_;
    Notices& notices_;
    const Clock& clock_;
};

}  // namespace ourvidz::generations
