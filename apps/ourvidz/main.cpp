#include "cli.h"

// Read by jemalloc when it starts (its manual, "TUNING"). What is freed goes back to the system within a
// second or two, by a thread of its own: a crowd of readers or a few large uploads leave nothing behind.
extern "C" {
extern const char* const malloc_conf;
const char* const malloc_conf =
    "background_thread:true,dirty_decay_ms:1000,muzzy_decay_ms:0,narenas:2,tcache_max:8192";
}

int main(int argc, char** argv) {
    return ourvidz::cli::run(argc, argv);
}
