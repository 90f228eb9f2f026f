#include "node/answer_stream.h"

#include <chrono>
#include <utility>

#include "node/reporter.h"

namespace ourvidz::node {

std::size_t whole_words(std::string_view text) {
    const auto space = text.find_last_of(" \n\t\r");
    const std::size_t end = space == std::string_view::npos ? 0 : space + 1;
    return text.size() - end > unspaced_bytes_max ? text.size() : end;
}

AnswerStream::AnswerStream(Job& job, std::vector<std::string> conversation, std::string head, int tokens_max)
    : job_(job),
      conversation_(std::move(conversation)),
      tokens_max_(tokens_max),
      link_(job.server, job.lease.attempt_id, job.lease.fence, job.limits, job.random,
            job.control.delivery()),
      text_(std::move(head)),
      thread_([this](const std::stop_token& stop) { work(stop); }) {}

AnswerStream::~AnswerStream() {
    end_thread();
}

void AnswerStream::end_thread() {
    if (!thread_.joinable()) return;
    thread_.request_stop();
    link_.interrupt();
    thread_.join();
}

void AnswerStream::add(std::string_view piece) {
    {
        std::lock_guard lock(mutex_);
        text_ += piece;
        ++tokens_;
    }
    wake_.notify_one();
}

Result<safety::Released<safety::Answer>> AnswerStream::finish() {
    thread_.request_stop();
    {
        std::unique_lock lock(mutex_);
        idle_.wait_for(lock, std::chrono::milliseconds(last_words_ms_max), [&] { return !sending_; });
    }
    end_thread();
    return job_.gate.release(safety::Answer{text_}, conversation_);
}

std::optional<safety::Released<safety::Answer>> AnswerStream::words_so_far() {
    end_thread();
    text_.resize(whole_words(text_));
    auto released = job_.gate.release(safety::Answer{text_}, conversation_);
    if (!released) return std::nullopt;
    return std::move(*released);
}

void AnswerStream::work(const std::stop_token& stop) {
    using Steady = std::chrono::steady_clock;
    auto next = Steady::now();
    while (true) {
        std::string text;
        int tokens = 0;
        {
            std::unique_lock lock(mutex_);
            if (!wake_.wait(lock, stop, [&] { return whole_words(text_) > sent_; })) return;
            // A pause between two pieces joins the words that come meanwhile.
            wake_.wait_until(lock, stop, next, [] { return false; });
            if (stop.stop_requested()) return;
            text = text_.substr(0, whole_words(text_));
            tokens = tokens_;
            sending_ = true;
        }
        next = Steady::now() + std::chrono::milliseconds(words_interval_ms);
        const bool goes_on = send(text, tokens);
        {
            std::lock_guard lock(mutex_);
            sending_ = false;
        }
        idle_.notify_one();
        if (!goes_on) return;
    }
}

// False when there will be no more to send.
bool AnswerStream::send(const std::string& text, int tokens) {
    auto released = job_.gate.release(safety::Answer{text}, conversation_);
    if (!released) {
        job_.control.stop(StopReason::refused, released.error());
        return false;
    }
    ProgressReport report{"sampling", tokens_max_ > 0 ? static_cast<double>(tokens) / tokens_max_ : 0, 0,
                          tokens, tokens_max_};
    Delivery delivery(link_, job_.media);
    const auto sent = delivery.words(*released, sent_, to_json(report));
    if (sent) sent_ = text.size();
    if (!sent && sent.error().code == ErrorCode::lease_lost) {
        job_.control.stop(StopReason::lost);
        return false;
    }
    return true;  // what could not be sent goes with the next piece, and the finished answer is sent whole
}

}  // namespace ourvidz::node
