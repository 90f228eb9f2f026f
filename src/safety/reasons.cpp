#include "safety/reasons.h"

#include <array>
#include <cassert>

namespace ourvidz::safety {

namespace {

struct Entry {
    Reason reason;
    Decision decision;
    const char* code;
    const char* sentence;
};

constexpr std::array entries = {
    Entry{Reason::none, Decision::allow, "", ""},
    Entry{Reason::minor_present, Decision::standard_only, "minor_present",
          "This may be made in standard mode only."},
    Entry{Reason::minor_sexual, Decision::refuse_severe, "minor_sexual",
          "This cannot be made. Children and teenagers are never shown or described in a sexual way or "
          "undressed."},
    Entry{Reason::minor_attire, Decision::refuse, "minor_attire",
          "You cannot make this. Leave out either the child or teenager, or the swimwear and underwear."},
    Entry{Reason::minor_body, Decision::refuse, "minor_body",
          "You cannot make this. Where children or teenagers are meant, leave out words about their bodies."},
    Entry{Reason::minor_bed_bath, Decision::refuse, "minor_bed_bath",
          "You cannot make this. Where children or teenagers are meant, leave out bed and bath."},
    Entry{Reason::youth_unclear, Decision::refuse, "youth_unclear",
          "It is not clear that everybody you describe is an adult. Say so, or change what is shown."},
    Entry{Reason::undressing, Decision::refuse, "undressing",
          "You cannot have clothing taken off people here. Describe another change."},
    Entry{Reason::de_aging, Decision::refuse, "de_aging",
          "You cannot have people made younger here. Describe another change."},
    Entry{Reason::non_consensual, Decision::refuse, "non_consensual",
          "You cannot make scenes against somebody's will or without their knowledge."},
    Entry{Reason::adult_content, Decision::refuse, "adult_content",
          "You are in standard mode, which makes no sexual content and no nudity. Describe something else."},
    Entry{Reason::real_person, Decision::refuse, "real_person",
          "You cannot copy a real person's face or likeness without their recorded consent."},
    Entry{Reason::text_too_long, Decision::hold, "text_too_long",
          "Your text is too long to be checked. Shorten it and try again."},
    Entry{Reason::text_unreadable, Decision::hold, "text_unreadable",
          "Your text could not be read. Write it as plain text and try again."},
    Entry{Reason::text_disguised, Decision::hold, "text_disguised",
          "Your text mixes alphabets inside words, so it could not be checked. Write it plainly and try "
          "again."},
    Entry{Reason::text_too_tangled, Decision::hold, "text_too_tangled",
          "Your text would take too long to be checked. Write it more plainly and try again."},
    Entry{Reason::picture_unreadable, Decision::hold, "picture_unreadable",
          "The picture could not be read, so it is held. Try again."},
    Entry{Reason::detector_missing, Decision::hold, "detector_missing",
          "The output checks for this model are not installed yet, so its pictures are held."},
    Entry{Reason::gate_fault, Decision::hold, "gate_fault",
          "The safety check did not work, so this is held. Try again later."},
};

}  // namespace

Verdict verdict_for(Reason reason) {
    for (const auto& entry : entries) {
        if (entry.reason == reason)
            return Verdict{entry.decision, entry.code, entry.sentence, policy_version};
    }
    assert(false);
    return Verdict{};
}

}  // namespace ourvidz::safety
