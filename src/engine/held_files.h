// Of which files the engine holds the contents. It knows them by their paths alone, so somebody has to see
// that another file is at a path now.
#pragma once

#include <map>
#include <string>

#include "base/file_mark.h"

namespace ourvidz::engine {

class HeldFiles {
  public:
    // It is about to read this file, unless it has it. False: what it has is of another one.
    [[nodiscard]] bool take(const std::string& path) {
        const auto mark = mark_of(path);
        return marks_.try_emplace(path, mark).first->second.same_as(mark);
    }
    // It holds nothing any more.
    void clear() { marks_.clear(); }

  private:
    std::map<std::string, FileMark> marks_;  // as they were when it read them
};

}  // namespace ourvidz::engine
