#include "catalog/safetensors.h"

#include <algorithm>
#include <string_view>

#include "base/json.h"

namespace ourvidz::catalog {
namespace {

constexpr std::size_t nesting_max = 4;
constexpr std::size_t dimensions_max = 8;
constexpr std::size_t tensor_name_bytes_max = 512;
constexpr std::size_t metadata_text_bytes_max = 256;

// Bits of one number of the type; 0 when unknown.
std::uint64_t bits_of(std::string_view type) {
    if (type == "F64" || type == "I64" || type == "U64" || type == "C64") return 64;
    if (type == "F32" || type == "I32" || type == "U32") return 32;
    if (type == "F16" || type == "BF16" || type == "I16" || type == "U16") return 16;
    if (type == "BOOL" || type == "I8" || type == "U8" || type.starts_with("F8_")) return 8;
    if (type.starts_with("F6_")) return 6;
    if (type == "F4") return 4;
    return 0;
}

Error damaged(std::string_view tensor, std::string_view why) {
    return bad_file("The safetensors header is damaged: " + std::string(tensor.substr(0, 100)) + " " +
                    std::string(why) + ".");
}

// A whole number from 0 up, whichever of JSON's number forms it was read as.
std::optional<std::uint64_t> whole(const json::value& value) {
    if (const auto* number = value.if_uint64()) return *number;
    if (const auto* number = value.if_int64(); number != nullptr && *number >= 0) {
        return static_cast<std::uint64_t>(*number);
    }
    return std::nullopt;
}

Result<std::vector<std::uint64_t>> read_shape(std::string_view name, const json::value* value) {
    if (value == nullptr || !value->is_array() || value->get_array().size() > dimensions_max) {
        return damaged(name, "has no shape");
    }
    std::vector<std::uint64_t> shape;
    std::uint64_t items = 1;
    for (const auto& item : value->get_array()) {
        const auto length = whole(item);
        if (!length || (*length > 0 && items > (std::uint64_t{1} << 48U) / *length)) {
            return damaged(name, "has an impossible shape");
        }
        items *= std::max<std::uint64_t>(*length, 1);
        shape.push_back(*length);
    }
    return shape;
}

struct Span {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

Result<Span> read_span(std::string_view name, const json::value* value) {
    if (value == nullptr || !value->is_array() || value->get_array().size() != 2) {
        return damaged(name, "has no data_offsets");
    }
    const auto begin = whole(value->get_array()[0]);
    const auto end = whole(value->get_array()[1]);
    if (!begin || !end || *begin > *end) return damaged(name, "has impossible data_offsets");
    return Span{*begin, *end};
}

Result<Tensor> read_tensor(std::string_view name, const json::value& value, std::uint64_t data_bytes) {
    if (name.size() > tensor_name_bytes_max) return damaged(name, "has too long a name");
    const auto* object = value.if_object();
    if (object == nullptr) return damaged(name, "is not an object");
    const auto* type = object->if_contains("dtype");
    if (type == nullptr || !type->is_string()) return damaged(name, "has no dtype");
    OURVIDZ_TRY(shape, read_shape(name, object->if_contains("shape")));
    OURVIDZ_TRY(span, read_span(name, object->if_contains("data_offsets")));
    if (span.end > data_bytes) {
        return bad_file("The file is cut off: the weights of " + std::string(name) +
                        " lie past its end. Download it again.");
    }
    std::uint64_t items = 1;
    for (const auto length : shape) items *= length;
    const auto bits = bits_of(type->get_string());
    if (bits != 0 && (items * bits + 7) / 8 != span.end - span.begin) {
        return damaged(name, "has a shape that does not fit its data_offsets");
    }
    return Tensor{std::string(name), std::move(shape)};
}

Result<void> read_members(const json::object& object, Header& header, std::uint64_t data_bytes) {
    for (const auto& member : object) {
        const std::string_view name = member.key();
        if (name == "__metadata__") {
            if (!member.value().is_object()) return damaged(name, "is not an object");
            for (const auto& pair : member.value().get_object()) {
                const auto* text = pair.value().if_string();
                if (text != nullptr && text->size() <= metadata_text_bytes_max) {
                    header.metadata[std::string(pair.key())] = std::string(*text);
                }
            }
            continue;
        }
        OURVIDZ_TRY(tensor, read_tensor(name, member.value(), data_bytes));
        header.tensors.push_back(std::move(tensor));
    }
    return {};
}

}  // namespace

Result<Header> read_safetensors(ByteReader& reader, std::uint64_t header_bytes) {
    std::string text(static_cast<std::size_t>(header_bytes), '\0');
    OURVIDZ_CHECK(reader.bytes(text.data(), text.size()));
    json::monotonic_resource memory;
    json::parse_options options;
    options.max_depth = nesting_max;
    boost::system::error_code failure;
    const auto value = json::parse(text, failure, &memory, options);
    if (failure || !value.is_object())
        return bad_file("The safetensors header is damaged: it is not a JSON object.");
    if (value.get_object().size() > tensors_max)
        return bad_file("The safetensors header has too many tensors.");
    Header header;
    header.format = "safetensors";
    header.bytes = reader.size();
    OURVIDZ_CHECK(read_members(value.get_object(), header, reader.size() - reader.position()));
    return header;
}

}  // namespace ourvidz::catalog
