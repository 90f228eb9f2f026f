#include "catalog/model_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/as_user.h"
#include "catalog/test_files.h"

namespace ourvidz::catalog {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

TEST(FolderWalks, StopAtTheirLimitsAndSaySo) {
    const TemporaryFolder folder;
    for (int i = 0; i < 501; ++i) fs::create_directories(folder.path() / std::to_string(i));
    EXPECT_THAT(ModelFolders({folder.path()}, nullptr).notes(),
                ElementsAre(HasSubstr("Only the first 500 folders")));
    fs::permissions(folder.path(), fs::perms::none);
    {
        const ourvidz::testing::AsNobody nobody;
        EXPECT_THAT(ModelFolders({folder.path()}, nullptr).notes(),
                    ElementsAre(HasSubstr("cannot be looked into: Permission denied")));
    }
    fs::permissions(folder.path(), fs::perms::owner_all);
}

}  // namespace
}  // namespace ourvidz::catalog
