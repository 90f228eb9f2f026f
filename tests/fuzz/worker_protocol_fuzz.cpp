// The decoder of worker frames: a worker that has been taken over may send anything.
#include <cstdlib>
#include <string_view>

#include "engine/protocol.h"
#include "target.h"

using namespace ourvidz;
using namespace ourvidz::engine;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    // The first byte says in which pieces the rest arrives.
    const std::size_t piece = 1 + data[0];
    const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
    Decoder decoder;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        decoder.feed(bytes.substr(at, piece));
        while (true) {
            auto next = decoder.next();
            // A fault is final.
            if (!next.ok() && decoder.next().ok()) std::abort();
            if (!next.ok() || !next->has_value()) break;
            // What was decoded encodes to a frame that decodes to the same.
            Decoder again;
            again.feed(encode(**next));
            auto same = again.next();
            if (!same.ok() || !same->has_value()) std::abort();
            if ((*same)->type != (*next)->type || (*same)->binary != (*next)->binary ||
                (*same)->body != (*next)->body) {
                std::abort();
            }
        }
    }
    return 0;
}

std::vector<std::string> good_inputs() {
    const std::string small = encode({MessageType::cancel, 7, {}, {}});
    const std::string hello = encode({MessageType::hello, 0, {{"protocol", 1}, {"back_ends", {"cpu"}}}, {}});
    const std::string output = encode({MessageType::output, 9, {{"kind", "image"}}, std::string(100, '\7')});
    return {"\1" + small + hello, "\x13" + hello + output + small, "\xff" + output};
}
