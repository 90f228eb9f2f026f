// For tests: a generation of one picture that waits, with its job; in a workspace that is there.
#pragma once

#include <string>

#include "generations/generations.h"

namespace ourvidz::generations {

// gen_ID, with job_ID behind it.
struct WaitingGeneration {
    Generation generation;
    queue::NewJob job;
};
[[nodiscard]] inline WaitingGeneration waiting_generation(const std::string& id, UnixMs now,
                                                          const std::string& workspace_id = "fox") {
    WaitingGeneration made;
    auto& generation = made.generation;
    generation.id = "gen_" + id;
    generation.workspace_id = workspace_id;
    generation.kind = "image_fast";
    generation.medium = "image";
    generation.model = "nano";
    generation.credits = 1;
    generation.created_at = now;
    auto& job = made.job;
    job.id = "job_" + id;
    job.workspace_id = workspace_id;
    job.subject = {std::string(subject_name), generation.id};
    job.kind = generation.kind;
    job.needs = {"image", generation.model};
    job.credits = generation.credits;
    return made;
}

}  // namespace ourvidz::generations
