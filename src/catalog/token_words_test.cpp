#include "catalog/token_words.h"

#include <gtest/gtest.h>

#include "catalog/test_files.h"

namespace ourvidz::catalog {
namespace {

std::string model_file(const std::string& tokenizer) {
    using testing::counted;
    using testing::raw;
    return "GGUF" + raw<std::uint32_t>(3) + raw<std::uint64_t>(0) + raw<std::uint64_t>(2) +
           counted("tokenizer.ggml.model") + raw<std::uint32_t>(8) + counted(tokenizer) +
           counted("tokenizer.ggml.tokens") + raw<std::uint32_t>(9) + raw<std::uint32_t>(8) +
           raw<std::uint64_t>(2) + counted("a") + counted("fox");
}

TEST(TokenWords, CountsTheFewestTokensThatATextCanBe) {
    // In model files "Ġ" stands for a space and "Ã©" for the two bytes of "é".
    const TokenWords words({"a", "b", "c", "ab", "bc", "abc", "Ġ", "Ġabc", "Ã", "©", "<|end|>"});
    EXPECT_EQ(words.tokens_min(""), 0U);
    EXPECT_EQ(words.tokens_min("abc"), 1U);
    EXPECT_EQ(words.tokens_min("aabc"), 2U);
    EXPECT_EQ(words.tokens_min("abbc"), 2U) << "and not a, b, bc or abb, c";
    EXPECT_EQ(words.tokens_min("cab abc"), 3U);
    EXPECT_EQ(words.tokens_min("é"), 2U);
    EXPECT_EQ(words.tokens_min("x"), 0U) << "it has no word for that";
}

TEST(TokenWordsOfModels, AreOfTokenizersThatWorkOnBytes) {
    const testing::TemporaryFolder folder;
    TokenWordsOfModels models;
    const auto file = folder.write("a.gguf", model_file("gpt2"));
    const auto known = models.of(file);
    ASSERT_NE(known, nullptr);
    EXPECT_EQ(known->tokens_min("foxa"), 2U);
    EXPECT_EQ(models.of(folder.write("b.gguf", model_file("llama"))), nullptr);
    EXPECT_EQ(models.of(folder.write("c.gguf", "GGUF")), nullptr);
    EXPECT_EQ(models.of(folder.path() / "missing"), nullptr);
}

}  // namespace
}  // namespace ourvidz::catalog
