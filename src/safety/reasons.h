// The reason codes of verdicts. They are stable: clients and the audit name them. docs/safety.md lists them.
#pragma once

#include <string_view>

#include "safety/gate.h"

namespace ourvidz::safety {

enum class Reason {
    none,
    minor_present,
    minor_sexual,
    minor_attire,
    minor_body,
    minor_bed_bath,
    youth_unclear,
    undressing,
    de_aging,
    non_consensual,
    adult_content,
    real_person,
    text_too_long,
    text_unreadable,
    text_disguised,
    picture_unreadable,
    detector_missing,
    gate_fault,
};

[[nodiscard]] Verdict verdict_for(Reason reason);

}  // namespace ourvidz::safety
