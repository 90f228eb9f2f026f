// Answers: one engine run, its words streamed through the gate.
#include <utility>

#include "node/answer_stream.h"
#include "node/chat_prompts.h"
#include "node/job.h"

namespace ourvidz::node {
namespace {

std::vector<std::string> texts_of(const std::vector<engine::ChatTurn>& turns) {
    std::vector<std::string> texts;
    for (const auto& turn : turns) texts.push_back(turn.text);
    return texts;
}

}  // namespace

Result<JobResult> run_chat_job(Job& job) {
    if (!job.spec.chat)
        return invalid_field("kind", "The model " + job.entry.title + " does not answer in words.");
    OURVIDZ_TRY(order, chat_order(job.lease, *job.spec.chat, job.painter));
    auto conversation = texts_of(order.request.turns);
    // An answer that goes on is judged whole, together with its head.
    if (order.request.turns.back().role == "assistant") conversation.pop_back();
    const int tokens_max = order.request.tokens_max;
    OURVIDZ_TRY(cleared, job.gate.clear(std::move(order.request)));
    OURVIDZ_TRY(worker, job.workers.acquire(job.worker_kind, job.model, {}, job.control.run()));

    AnswerStream stream(job, conversation, order.head, tokens_max);
    engine::RunCallbacks callbacks;
    callbacks.token = [&stream](std::string_view piece) { stream.add(piece); };
    const Stopwatch watch;
    auto outcome = worker.process().run(cleared, callbacks, job.control.run());
    JobResult result;
    result.engine_ms = watch.ms();
    if (!outcome && job.control.reason() == StopReason::canceled) {
        result.stopped = true;
        result.answer = stream.words_so_far();
        return result;
    }
    if (!outcome) return outcome.error();
    worker.succeeded();
    OURVIDZ_TRY(answer, stream.finish());
    result.answer = std::move(answer);
    result.cut = outcome->stop != engine::ChatStop::end;
    result.work_ms = watch.ms();
    return result;
}

}  // namespace ourvidz::node
