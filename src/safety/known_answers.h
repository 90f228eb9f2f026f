// The texts whose answers are known. Gate::open asks them before anything may run.
#pragma once

#include "safety/text_judge.h"

namespace ourvidz::safety {

[[nodiscard]] bool known_answers_hold(const TextJudge& judge);

}  // namespace ourvidz::safety
