#include "files/s3_signature.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/sha256.h"

namespace ourvidz::files {
namespace {

// The worked examples of the S3 API reference, "Signature Calculations".
const S3Login login{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1"};
constexpr UnixMs day = 1'369'353'600'000;  // 2013-05-24

S3Request request(const std::string& method, const std::string& path) {
    return {method, "examplebucket.s3.amazonaws.com", path, {}, {}, sha256_hex("")};
}

std::string signature_of(const S3Request& request) {
    const auto text = signing_headers(request, login, day).back().second;
    return text.substr(text.find("Signature=") + 10);
}

TEST(S3Signature, SignsARead) {
    auto get = request("GET", "/test.txt");
    get.headers["range"] = "bytes=0-9";
    EXPECT_EQ(signature_of(get), "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

TEST(S3Signature, SignsAnUploadWithMoreHeaders) {
    auto put = request("PUT", "/test%24file.text");
    put.headers["date"] = "Fri, 24 May 2013 00:00:00 GMT";
    put.headers["x-amz-storage-class"] = "REDUCED_REDUNDANCY";
    put.payload_sha256 = sha256_hex("Welcome to Amazon S3.");
    EXPECT_EQ(signature_of(put), "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}

TEST(S3Signature, SignsQueriesInOrder) {
    auto list = request("GET", "/");
    list.query = {{"prefix", "J"}, {"max-keys", "2"}};
    EXPECT_EQ(signature_of(list), "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
    list.query = {{"lifecycle", ""}};
    EXPECT_EQ(signature_of(list), "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
}

TEST(S3Signature, SignsALink) {
    EXPECT_THAT(signed_query(request("GET", "/test.txt"), login, day, 86'400),
                testing::EndsWith("&X-Amz-Signature="
                                  "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"));
}

TEST(S3Signature, EncodesWhatAQueryMustNotHave) {
    EXPECT_EQ(query_text({{"b", "x/y z"}, {"a", "~"}, {"B", ""}}), "B=&a=~&b=x%2Fy%20z");
}

}  // namespace
}  // namespace ourvidz::files
