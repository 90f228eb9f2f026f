#include "engine/protocol.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <thread>

namespace ourvidz::engine {
namespace {

Message sample(std::uint32_t request = 7) {
    return {
        MessageType::output, request, {{"kind", "image"}, {"width", 2}}, std::string("\0\1\2OVW1\xff", 8)};
}

void expect_same(const Message& a, const Message& b) {
    EXPECT_EQ(a.type, b.type);
    EXPECT_EQ(a.request, b.request);
    EXPECT_EQ(a.body, b.body);
    EXPECT_EQ(a.binary, b.binary);
}

Message decoded(Decoder& decoder) {
    auto next = decoder.next();
    EXPECT_TRUE(next.ok());
    EXPECT_TRUE(next->has_value());
    return next->value_or(Message{});
}

// A header with the given lengths; `at` and `value` overwrite one byte.
std::string header(std::uint32_t json_bytes, std::uint32_t binary_bytes, std::size_t at = 0,
                   char value = 'O') {
    std::string frame = encode({MessageType::log, 1, {}, {}});
    for (int i = 0; i < 4; ++i) {
        frame[12 + i] = static_cast<char>(json_bytes >> (8 * i));
        frame[16 + i] = static_cast<char>(binary_bytes >> (8 * i));
    }
    frame[at] = value;
    return frame;
}

struct Pair {
    Pair() {
        std::array<int, 2> sockets{};
        EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()), 0);
        left = std::make_unique<Channel>(sockets[0]);
        right = std::make_unique<Channel>(sockets[1]);
        right_socket = sockets[1];
    }
    std::unique_ptr<Channel> left;
    std::unique_ptr<Channel> right;
    int right_socket = -1;
};

TEST(Encode, PutsTheHeaderInLittleEndianOrder) {
    const auto frame = encode({MessageType::cancel, 0x01020304, {}, "ab"});
    EXPECT_EQ(frame.size(), frame_header_bytes + 2);
    EXPECT_EQ(frame.substr(0, 4), "OVW1");
    EXPECT_EQ(frame.substr(4, 8), std::string("\x24\0\0\0\x04\x03\x02\x01", 8));
    EXPECT_EQ(frame.substr(12, 8), std::string("\0\0\0\0\x02\0\0\0", 8));
}

TEST(Decode, GivesBackWhatWasEncodedHoweverTheBytesArrive) {
    const auto frames = encode(sample(1)) + encode({MessageType::hello, 0, {}, {}}) + encode(sample(3));
    for (const std::size_t piece :
         {std::size_t{1}, std::size_t{2}, std::size_t{19}, std::size_t{20}, frames.size()}) {
        Decoder decoder;
        std::vector<Message> messages;
        for (std::size_t at = 0; at < frames.size(); at += piece) {
            decoder.feed(std::string_view(frames).substr(at, piece));
            while (true) {
                auto next = decoder.next();
                ASSERT_TRUE(next.ok()) << next.error().detail;
                if (!next->has_value()) break;
                messages.push_back(**next);
            }
        }
        ASSERT_EQ(messages.size(), 3U) << "pieces of " << piece;
        expect_same(messages[0], sample(1));
        expect_same(messages[1], {MessageType::hello, 0, {}, {}});
        expect_same(messages[2], sample(3));
    }
}

TEST(Decode, AsksForMoreUntilAFrameIsWhole) {
    const auto frame = encode(sample());
    Decoder decoder;
    decoder.feed(std::string_view(frame).substr(0, frame.size() - 1));
    auto next = decoder.next();
    ASSERT_TRUE(next.ok());
    EXPECT_FALSE(next->has_value());
    decoder.feed(std::string_view(frame).substr(frame.size() - 1));
    expect_same(decoded(decoder), sample());
}

TEST(Decode, RefusesWhatIsNotOurProtocolAndStaysFaulty) {
    const std::vector<std::pair<std::string, std::string>> faults{
        {"wrong magic", "HTTP/1.1 200 OK\r\n\r\n"},
        {"wrong first byte, before a header is there", "X"},
        {"unknown type", header(0, 0, 4, 13)},
        {"type 0", header(0, 0, 4, 0)},
        {"type with a high byte", header(0, 0, 5, 1)},
        {"reserved bytes", header(0, 0, 6, 1)},
        {"JSON over its limit", header(json_bytes_max + 1, 0)},
        {"binary over its limit", header(0, binary_bytes_max + 1)},
        {"JSON that is a list", header(2, 0) + "[]"},
        {"JSON that is cut off", header(2, 0) + "{\""},
        {"JSON with invalid UTF-8", header(9, 0) + "{\"a\":\"\xff\"}"},
    };
    for (const auto& [name, bytes] : faults) {
        Decoder decoder;
        decoder.feed(bytes);
        auto next = decoder.next();
        ASSERT_FALSE(next.ok()) << name;
        EXPECT_EQ(next.error().code, ErrorCode::malformed_body) << name;
        decoder.feed(encode(sample()));
        EXPECT_FALSE(decoder.next().ok()) << name;
    }
}

TEST(Decode, TakesPartsOfExactlyTheirLimit) {
    Decoder decoder;
    decoder.feed(header(json_bytes_max, binary_bytes_max));
    auto next = decoder.next();
    ASSERT_TRUE(next.ok());
    EXPECT_FALSE(next->has_value());
}

TEST(ChannelTest, CarriesAFrameThatIsFarLargerThanTheSocketsBuffer) {
    Pair pair;
    Message big{MessageType::output, 5, {{"kind", "image"}}, std::string(20U << 20U, 'x')};
    big.binary.back() = 'y';
    std::thread sender([&] { EXPECT_TRUE(pair.left->send(big).ok()); });
    auto got = pair.right->receive(10'000);
    sender.join();
    ASSERT_TRUE(got.ok());
    ASSERT_TRUE(got->has_value());
    expect_same(**got, big);
}

TEST(ChannelTest, KeepsFramesOfManySendersWhole) {
    Pair pair;
    constexpr int senders = 4;
    constexpr int each = 50;
    std::vector<std::thread> threads;
    for (int i = 0; i < senders; ++i) {
        threads.emplace_back([&pair, i] {
            for (int k = 0; k < each; ++k) {
                const Message message{
                    MessageType::log, static_cast<std::uint32_t>(i), {{"k", k}}, std::string(3000, 'z')};
                EXPECT_TRUE(pair.left->send(message).ok());
            }
        });
    }
    std::array<int, senders> seen{};
    for (int n = 0; n < senders * each; ++n) {
        auto got = pair.right->receive(10'000);
        ASSERT_TRUE(got.ok());
        ASSERT_TRUE(got->has_value());
        EXPECT_EQ((*got)->body.at("k").as_int64(), seen.at((*got)->request)++);
    }
    for (auto& thread : threads) thread.join();
}

TEST(ChannelTest, SaysWhenNothingCameInTime) {
    Pair pair;
    auto got = pair.right->receive(1);
    ASSERT_TRUE(got.ok());
    EXPECT_FALSE(got->has_value());
}

TEST(ChannelTest, HandsOutWhatCameBeforeTheOtherEndClosed) {
    Pair pair;
    ASSERT_TRUE(pair.left->send(sample()).ok());
    pair.left.reset();
    auto got = pair.right->receive(1000);
    ASSERT_TRUE(got.ok());
    expect_same(got->value(), sample());
    auto end = pair.right->receive(1000);
    ASSERT_FALSE(end.ok());
    EXPECT_EQ(end.error().code, ErrorCode::unavailable);
    auto sent = pair.right->send(sample());
    ASSERT_FALSE(sent.ok());
    EXPECT_EQ(sent.error().code, ErrorCode::unavailable);
}

TEST(ChannelTest, CloseWakesAReceiverOnAnotherThread) {
    Pair pair;
    std::thread receiver([&] {
        auto got = pair.right->receive(-1);
        ASSERT_FALSE(got.ok());
        EXPECT_EQ(got.error().code, ErrorCode::unavailable);
    });
    pair.right->close();
    receiver.join();
}

TEST(ChannelTest, ReportsNonsenseFromTheOtherEnd) {
    Pair pair;
    const std::string nonsense = "not the protocol at all";
    ASSERT_EQ(::send(pair.right_socket, nonsense.data(), nonsense.size(), 0),
              static_cast<ssize_t>(nonsense.size()));
    auto got = pair.left->receive(1000);
    ASSERT_FALSE(got.ok());
    EXPECT_EQ(got.error().code, ErrorCode::malformed_body);
}

TEST(ChannelTest, RefusesAMessageThatFitsIntoNoFrame) {
    Pair pair;
    auto sent = pair.left->send({MessageType::log, 0, {{"message", std::string(json_bytes_max, 'a')}}, {}});
    ASSERT_FALSE(sent.ok());
    EXPECT_EQ(sent.error().code, ErrorCode::too_large);
}

}  // namespace
}  // namespace ourvidz::engine
