#include "db/piece.h"

#include <algorithm>

namespace ourvidz::db {
namespace {

// Length of the UTF-8 character at the start of `text`; 0 if there is none, and for the character 0, which
// PostgreSQL cannot keep.
std::size_t character_bytes(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto lead = byte(0);
    if (lead < 0x80) return lead == 0 ? 0 : 1;
    const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < size) return 0;
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xc0U) != 0x80) return 0;
    }
    // Longer than needed, surrogates, and above the last code point.
    const bool wrong = (lead == 0xe0 && byte(1) < 0xa0) || (lead == 0xed && byte(1) > 0x9f) ||
                       (lead == 0xf0 && byte(1) < 0x90) || (lead == 0xf4 && byte(1) > 0x8f);
    return wrong ? 0 : size;
}

bool is_storable(std::string_view text) {
    while (!text.empty()) {
        const auto size = character_bytes(text);
        if (size == 0) return false;
        text.remove_prefix(size);
    }
    return true;
}

std::optional<Error> wrong_text(const std::vector<Value>& parameters) {
    const bool fine = std::all_of(parameters.begin(), parameters.end(), [](const Value& value) {
        const auto* text = std::get_if<std::string>(&value);
        return text == nullptr || is_storable(*text);
    });
    if (fine) return std::nullopt;
    return Error{ErrorCode::malformed_body, "Text must be valid UTF-8 without the character 0.", ""};
}

}  // namespace

template <class T>
Result<T> PieceConnection::noted(Result<T> answer) {
    if (!answer.ok()) failure_ = answer.error();
    return answer;
}

Result<Rows> PieceConnection::query(std::string_view sql, const std::vector<Value>& parameters) {
    if (!failure_) failure_ = wrong_text(parameters);
    if (failure_) return *failure_;
    return noted(driver_.query(sql, parameters));
}

Result<std::int64_t> PieceConnection::execute(std::string_view sql, const std::vector<Value>& parameters) {
    if (!failure_) failure_ = wrong_text(parameters);
    if (failure_) return *failure_;
    return noted(driver_.execute(sql, parameters));
}

Result<void> PieceConnection::change(std::string_view sql, const std::vector<Value>& parameters) {
    if (!failure_) failure_ = wrong_text(parameters);
    if (failure_) return *failure_;
    return noted(driver_.change(sql, parameters));
}

Result<void> PieceConnection::require_room() {
    if (failure_) return *failure_;
    return noted(driver_.require_room());
}

Result<void> run_piece(const Database::Work& work, Connection& driver) {
    PieceConnection connection(driver);
    try {
        auto outcome = work(connection);
        if (connection.failure()) return *connection.failure();
        return outcome;
    } catch (const std::exception& exception) {
        return Error{ErrorCode::internal, std::string("Exception in database work: ") + exception.what(), ""};
    }
}

}  // namespace ourvidz::db
