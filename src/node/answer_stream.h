// Takes the words of an answer from the engine, has the gate judge the whole answer so far, and sends what is
// released, on a thread of its own. A word that is not complete is not judged and not sent.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "node/delivery.h"
#include "node/job.h"
#include "safety/gate.h"

namespace ourvidz::node {

constexpr int words_interval_ms = 50;     // between two pieces; the first goes out at once
constexpr int last_words_ms_max = 1'000;  // for a piece that is under way when the answer is complete

// Where the last whole word of `text` ends. Scripts without spaces have no such place; there a run of
// `unspaced_bytes_max` bytes counts as complete.
constexpr std::size_t unspaced_bytes_max = 64;
[[nodiscard]] std::size_t whole_words(std::string_view text);

// add() and finish() belong to one thread. Stops the job when the gate refuses, or the lease is lost.
class AnswerStream {
  public:
    // `conversation`: the turns before the answer, oldest first. `head`: what the answer begins with.
    AnswerStream(Job& job, std::vector<std::string> conversation, std::string head, int tokens_max);
    ~AnswerStream();
    AnswerStream(const AnswerStream&) = delete;
    AnswerStream& operator=(const AnswerStream&) = delete;

    void add(std::string_view piece);
    // The answer is complete: judges all of it. Errors: refused, held.
    [[nodiscard]] Result<safety::Released<safety::Answer>> finish();

    // The job was stopped: the whole words that there are, unless the gate holds them back.
    [[nodiscard]] std::optional<safety::Released<safety::Answer>> words_so_far();

  private:
    void work(const std::stop_token& stop);
    [[nodiscard]] bool send(const std::string& text, int tokens);
    void end_thread();

    Job& job_;
    std::vector<std::string> conversation_;
    int tokens_max_;
    AttemptLink link_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::string text_;
    int tokens_ = 0;
    bool sending_ = false;
    std::condition_variable idle_;
    std::size_t sent_ = 0;  // belongs to the thread
    std::jthread thread_;
};

}  // namespace ourvidz::node
