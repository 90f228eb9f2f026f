// The media worker: decodes, encodes and resizes for the server and the node, locked in and replaceable.
//
// Settings come from the environment, since the worker takes no arguments:
//   OURVIDZ_UPSCALER         path of srvgg-x4.onnx (models/upscaler/fetch.sh); unset: enlarge with Lanczos
//   OURVIDZ_MEDIA_THREADS    threads for the upscaler and the codecs, 1..16, default 1
//   OURVIDZ_MEDIA_MEMORY_MB  address space, default 2048
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "engine/worker/worker_loop.h"
#include "media/picture.h"
#include "media/worker/file_lock.h"
#include "media/worker/media_engine.h"

namespace {

constexpr long threads_max = 16;

long setting(const char* name, long otherwise, long min, long max) {
    const char* text = std::getenv(name);
    if (text == nullptr || *text == '\0') return otherwise;
    char* end = nullptr;
    const long value = std::strtol(text, &end, 10);
    if (*end != '\0' || value < min || value > max) {
        std::fprintf(stderr, "%s must be a number from %ld to %ld\n", name, min, max);
        std::exit(2);
    }
    return value;
}

// Empty if no upscaler is set up or its file cannot be read; the capabilities then say so.
std::string upscaler_file() {
    const char* path = std::getenv("OURVIDZ_UPSCALER");
    if (path == nullptr || *path == '\0') return {};
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

int main(int argc, char** argv) {
    using namespace ourvidz;
    const auto threads = static_cast<int>(setting("OURVIDZ_MEDIA_THREADS", 1, 1, threads_max));
    const long memory_mb = setting("OURVIDZ_MEDIA_MEMORY_MB", media::memory_mb_default, 256, 1L << 20);
    if (auto limited = media::limit_memory(static_cast<unsigned long long>(memory_mb) << 20U);
        !limited.ok()) {
        std::fprintf(stderr, "%s\n", limited.error().detail.c_str());
        return 1;
    }
    const std::string upscaler = upscaler_file();
    engine::WorkerInfo info{"media", "libvips, FFmpeg", "1", {"cpu"}, {"cancel", "upscaler:lanczos"}};
    if (!upscaler.empty()) info.capabilities.emplace_back("upscaler:srvgg");
    return engine::worker_main(argc, argv, info, [&] { return media::MediaEngine::open(upscaler, threads); });
}
