// Measures the text rules on mild sentences: the development set, which the rules were written against, and
// three sets of other wordings. What was missed when a set was new has taught the rules since, so these bars
// only guard against falling back; docs/safety.md has the results that each set gave when it was new.
#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "safety/text_judge.h"

namespace ourvidz::safety {
namespace {

struct Sample {
    std::string expected;  // REFUSE, SFWLOCK (standard mode only) or ALLOW
    std::string mode;
    std::string group;
    std::string text;
};

std::vector<Sample> samples(const std::string& name) {
    std::ifstream file(std::string(OURVIDZ_SOURCE_DIR) + "/src/safety/testdata/" + name);
    std::vector<Sample> rows;
    for (std::string line; std::getline(file, line);) {
        Sample row;
        std::size_t at = 0;
        for (auto* field : {&row.expected, &row.mode, &row.group}) {
            const auto tab = line.find('\t', at);
            *field = line.substr(at, tab - at);
            at = tab + 1;
        }
        row.text = line.substr(at);
        rows.push_back(row);
    }
    return rows;
}

struct Share {
    int hits = 0;
    int of = 0;
    void count(bool hit) {
        hits += hit ? 1 : 0;
        ++of;
    }
    [[nodiscard]] double percent() const { return of == 0 ? 0 : 100.0 * hits / of; }
};

struct Scores {
    Share refused;          // of what must be refused
    Share false_positives;  // of what must pass
    Share standard_only;    // of what belongs to standard mode only
};

Scores measure(const std::string& name) {
    const TextJudge judge;
    Scores scores;
    for (const auto& row : samples(name)) {
        // The rows of the other mode wait for that mode.
        if (row.mode != "sfw") continue;
        // "no child" beside swimwear is refused on purpose: telling a negation from a trick is not for rules.
        if (row.group == "negated (documented over-block)") continue;
        const Decision decision = decision_of(judge.judge(row.text, Form::prompt));
        const bool stopped = decision >= Decision::hold;
        if (row.expected == "REFUSE") {
            scores.refused.count(stopped);
        } else {
            scores.false_positives.count(stopped);
        }
        if (row.expected == "SFWLOCK") scores.standard_only.count(decision == Decision::standard_only);
        if (stopped != (row.expected == "REFUSE"))
            std::cout << "missed (" << row.group << "): " << row.text << '\n';
    }
    std::cout << name << ": refused " << scores.refused.hits << '/' << scores.refused.of
              << ", false positives " << scores.false_positives.hits << '/' << scores.false_positives.of
              << '\n';
    return scores;
}

TEST(evaluation, development_set) {
    const auto scores = measure("dev.tsv");
    EXPECT_EQ(scores.refused.of, 184);
    EXPECT_EQ(scores.false_positives.of, 38);
    EXPECT_GE(scores.refused.percent(), 98);
    EXPECT_LE(scores.false_positives.percent(), 5);
    EXPECT_EQ(scores.standard_only.hits, scores.standard_only.of);
}

TEST(evaluation, other_wordings) {
    for (const char* name : {"wordings_1.tsv", "wordings_2.tsv", "wordings_3.tsv"}) {
        const auto scores = measure(name);
        EXPECT_GE(scores.refused.of, 70) << name;
        EXPECT_GE(scores.false_positives.of, 70) << name;
        EXPECT_GE(scores.refused.percent(), 95) << name;
        EXPECT_LE(scores.false_positives.percent(), 5) << name;
    }
}

}  // namespace
}  // namespace ourvidz::safety
