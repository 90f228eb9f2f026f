#include "generations/file_names.h"

#include <openssl/crypto.h>

#include <charconv>

#include "base/sha256.h"

namespace ourvidz::generations {

std::string FileNames::name_of(const files::StoredFile& file, std::string_view attempt_id) const {
    const auto measured = file.key + "." + std::to_string(file.bytes) + "." + file.sha256;
    return measured + "." + seal(measured, attempt_id);
}

Result<files::StoredFile> FileNames::read(std::string_view name, std::string_view attempt_id) const {
    const auto foreign = invalid_field("files", "has a name that nodeFile did not give to this attempt");
    const auto last = name.rfind('.');
    if (last == std::string_view::npos) return foreign;
    const auto measured = name.substr(0, last);
    const auto expected = seal(measured, attempt_id);
    const auto given = name.substr(last + 1);
    if (given.size() != expected.size() || CRYPTO_memcmp(given.data(), expected.data(), expected.size()) != 0)
        return foreign;
    // From here on it is what name_of() wrote.
    const auto first = measured.find('.');
    const auto second = measured.find('.', first + 1);
    files::StoredFile file{std::string(measured.substr(0, first)), 0,
                           std::string(measured.substr(second + 1))};
    std::from_chars(measured.data() + first + 1, measured.data() + second, file.bytes);
    return file;
}

std::string FileNames::seal(std::string_view measured, std::string_view attempt_id) const {
    const auto sum = hmac_sha256(secret_, std::string(measured) + "\n" + std::string(attempt_id));
    return to_hex(sum.data(), sum.size());
}

}  // namespace ourvidz::generations
