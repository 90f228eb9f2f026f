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
    text_too_tangled,
    picture_unreadable,
    detector_missing,
    gate_fault,
};

[[nodiscard]] Verdict verdict_for(Reason reason);

// What `judge` says, and a hold when it throws: nothing that goes wrong may let anything through.
template <class Judge>
[[nodiscard]] Reason held_if_it_throws(Judge judge) noexcept {
    try {
        return judge();
    } catch (...) {
        return Reason::gate_fault;
    }
}

}  // namespace ourvidz::safety
