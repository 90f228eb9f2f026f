// The worker process for chat; docs/worker-protocol.md says what it is told and what it answers.
#include "engine/llama/chat_engine.h"
#include "engine/llama/llama_model.h"
#include "engine/worker/worker_loop.h"

int main(int argc, char** argv) {
    using namespace ourvidz::engine;
    return worker_main(argc, argv, chat_worker_info(), make_chat_engine);
}
