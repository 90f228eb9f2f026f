// Where the default models are, for tests with the real engines.
#pragma once

#include <cstdlib>
#include <string>

#include "engine/requests.h"

namespace ourvidz::engine {

inline ModelFiles nano_model() {
    const std::string folder = OURVIDZ_SOURCE_DIR "/models/nano/";
    return {"nano-v1",
            "z_image",
            {{"diffusion", folder + "dit.gguf"}, {"llm", folder + "te.gguf"}, {"taesd", folder + "tae.gguf"}},
            {{"threads", 2}}};
}

// models/catalog/fetch.sh puts it there; OURVIDZ_CHAT_MODEL names another place.
inline std::string chat_model_path() {
    if (const char* path = std::getenv("OURVIDZ_CHAT_MODEL")) return path;
    const char* cache = std::getenv("XDG_CACHE_HOME");
    const char* home = std::getenv("HOME");
    const std::string base = cache != nullptr ? cache : std::string(home != nullptr ? home : "") + "/.cache";
    return base + "/ourvidz/models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf";
}

inline ModelFiles chat_model() {
    return {"smollm2-135m-instruct",
            "llama",
            {{"model", chat_model_path()}},
            {{"threads", 2}, {"context_tokens", 2048}}};
}

}  // namespace ourvidz::engine
