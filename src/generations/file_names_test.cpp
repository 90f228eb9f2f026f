#include "generations/file_names.h"

#include <gtest/gtest.h>

namespace ourvidz::generations {
namespace {

const files::StoredFile file{"0123456789abcdef0123456789abcdef", 1'234'567, std::string(64, 'a')};

TEST(FileNames, SayWhatWasMeasured) {
    const FileNames names("secret");
    const auto name = names.name_of(file, "att_1");
    EXPECT_LE(name.size(), 200U);
    const auto read = names.read(name, "att_1");
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->key, file.key);
    EXPECT_EQ(read->bytes, file.bytes);
    EXPECT_EQ(read->sha256, file.sha256);
}

TEST(FileNames, AreOfOneAttempt) {
    const FileNames names("secret");
    EXPECT_FALSE(names.read(names.name_of(file, "att_1"), "att_2").ok());
    EXPECT_FALSE(FileNames("another").read(names.name_of(file, "att_1"), "att_1").ok());
}

TEST(FileNames, CannotBeChanged) {
    const FileNames names("secret");
    const auto name = names.name_of(file, "att_1");
    for (std::size_t i = 0; i < name.size(); ++i) {
        auto changed = name;
        changed[i] = changed[i] == '0' ? '1' : '0';
        EXPECT_FALSE(names.read(changed, "att_1").ok()) << i;
        EXPECT_FALSE(names.read(name.substr(0, i), "att_1").ok()) << i;
    }
    for (const auto* text : {"", ".", "..", "...", "a.b.c.d", "key.1.sum"})
        EXPECT_FALSE(names.read(text, "att_1").ok()) << text;
}

}  // namespace
}  // namespace ourvidz::generations
