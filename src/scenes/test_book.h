// The book that the studio ships, for tests.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "scenes/book.h"

namespace ourvidz::scenes::testing {

inline std::string shipped_text() {
    std::ifstream file(OURVIDZ_SOURCE_DIR "/models/catalog/scenes/nano.json", std::ios::binary);
    return std::string{std::istreambuf_iterator<char>(file), {}};
}

// Read once for all tests.
inline const Book& shipped() {
    static const auto book = [] {
        auto read = parse_book(shipped_text());
        EXPECT_TRUE(read) << read.error().field << " " << read.error().detail;
        return std::make_unique<const Book>(std::move(*read));
    }();
    return *book;
}

}  // namespace ourvidz::scenes::testing
