// What says that a file or folder is another than before, at the cost of one look at it (stat).
#pragma once

#include <cstdint>
#include <filesystem>

namespace ourvidz {

struct FileMark {
    bool exists = false;
    bool barred = false;  // whether it exists is not known: a folder on the way may not be looked into
    std::uint64_t device = 0;
    std::uint64_t number = 0;  // inode
    std::uint64_t bytes = 0;
    std::int64_t modified_ns = 0;
    std::int64_t changed_ns = 0;  // of its owner, mode and so on too
    bool fresh = false;  // so recently modified that its time may not tell another change from this one

    // Everything but `fresh`.
    [[nodiscard]] bool same_as(const FileMark& other) const;
    // What was read when this mark was taken is what stands there with the other one.
    [[nodiscard]] bool surely_same_as(const FileMark& other) const { return !fresh && same_as(other); }
};

// Links are followed.
[[nodiscard]] FileMark mark_of(const std::filesystem::path& path);

}  // namespace ourvidz
