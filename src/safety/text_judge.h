// Stage A for one text: the views of it are judged, and the worst verdict wins.
#pragma once

#include <string_view>

#include "safety/disguise.h"
#include "safety/evidence.h"
#include "safety/reasons.h"
#include "safety/vocabulary.h"
#include "safety/work.h"

namespace ourvidz::safety {

[[nodiscard]] Decision decision_of(Reason reason);
// The graver of two; the first where they are alike.
[[nodiscard]] Reason graver(Reason a, Reason b);

// In a prompt every word is about the one picture. In talk, bed and bath count only near the words for a
// minor.
enum class Form { prompt, talk };

[[nodiscard]] Reason reason_for(const Marks& marks, Form form);

// Immutable after construction, so threads may share it.
class TextJudge {
  public:
    explicit TextJudge(unsigned stages = all_stages) : stages_(stages), disguises_(vocabulary_, stages) {}

    [[nodiscard]] Reason judge(std::string_view text, Form form) const;
    // The same, and what it took. Held once `work` is used up.
    [[nodiscard]] Reason judge(std::string_view text, Form form, Work& work) const;

  private:
    [[nodiscard]] Reason judge_views(std::string_view text, Form form, Work& work) const;
    [[nodiscard]] Reason judge_view(std::string_view folded, Form form, bool again, Work& work) const;

    unsigned stages_;
    Vocabulary vocabulary_;
    Disguises disguises_;
};

}  // namespace ourvidz::safety
