#include "engine/diffusion/run_phase.h"

namespace ourvidz::engine {
namespace {

bool has(std::string_view line, std::string_view part) {
    return line.find(part) != std::string_view::npos;
}

}  // namespace

std::string_view to_string(Phase phase) {
    switch (phase) {
        case Phase::encode:
            return "encode";
        case Phase::load:
            return "load";
        case Phase::denoise:
            return "denoise";
        case Phase::decode:
            return "decode";
    }
    return "";
}

void RunPhase::take_log(std::string_view line) {
    if (has(line, "loading tensors completed")) {
        loading_ = false;
    } else if (has(line, "loading ") && has(line, " tensors from ")) {
        loading_ = true;
    } else if (has(line, "generating image:") || has(line, "generate_video ") ||
               has(line, "sampling(high noise) completed")) {
        run_ = Phase::denoise;
    } else if (has(line, "sampling completed") || has(line, "generate_video completed")) {
        run_ = Phase::decode;
    }
}

Phase RunPhase::now() const {
    return loading_ ? Phase::load : run_;
}

}  // namespace ourvidz::engine
