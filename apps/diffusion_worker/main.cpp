// The worker process for pictures and clips; docs/worker-protocol.md says what it is told and what it
// answers.
#include "engine/diffusion/diffusion_engine.h"
#include "engine/diffusion/sd_model.h"
#include "engine/worker/worker_loop.h"

int main(int argc, char** argv) {
    using namespace ourvidz::engine;
    return worker_main(argc, argv, diffusion_worker_info(), make_diffusion_engine);
}
