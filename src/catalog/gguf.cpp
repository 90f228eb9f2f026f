#include "catalog/gguf.h"

#include <algorithm>
#include <limits>

namespace ourvidz::catalog {
namespace {

constexpr std::uint64_t pairs_max = 4096;
constexpr std::uint64_t key_bytes_max = 1024;
constexpr std::uint64_t tensor_name_bytes_max = 256;
constexpr std::uint64_t kept_text_bytes_max = 256;
constexpr std::uint64_t array_items_max = 4U << 20U;
constexpr std::uint32_t dimensions_max = 8;
constexpr std::uint64_t alignment_default = 32;

enum ValueType : std::uint32_t { type_string = 8, type_array = 9 };

// Bytes of a number of the given metadata type; 0 for text, lists and unknown types.
std::uint64_t number_bytes(std::uint32_t type) {
    switch (type) {
        case 0:
        case 1:
        case 7:
            return 1;
        case 2:
        case 3:
            return 2;
        case 4:
        case 5:
        case 6:
            return 4;
        case 10:
        case 11:
        case 12:
            return 8;
        default:
            return 0;
    }
}

struct Block {
    std::uint64_t items;
    std::uint64_t bytes;
};

// How many weights a block of the tensor type holds and its bytes; {0, 0} for types that we do not know,
// whose size is then not checked.
Block block_of(std::uint32_t type) {
    switch (type) {
        case 0:  // F32
        case 26:
            return {1, 4};
        case 1:  // F16
        case 25:
        case 30:
            return {1, 2};
        case 24:
            return {1, 1};
        case 27:
        case 28:
            return {1, 8};
        case 2:  // Q4_0
            return {32, 18};
        case 3:
            return {32, 20};
        case 6:
            return {32, 22};
        case 7:
            return {32, 24};
        case 8:
            return {32, 34};
        case 9:
            return {32, 36};
        case 10:  // Q2_K
            return {256, 84};
        case 11:
            return {256, 110};
        case 12:
            return {256, 144};
        case 13:
            return {256, 176};
        case 14:
            return {256, 210};
        default:
            return {0, 0};
    }
}

Result<std::string> read_text(ByteReader& reader, std::uint64_t bytes_max, std::string_view what) {
    OURVIDZ_TRY(length, reader.number<std::uint64_t>());
    if (length > bytes_max)
        return bad_file("The GGUF header is damaged: " + std::string(what) + " is too long.");
    std::string text(static_cast<std::size_t>(length), '\0');
    OURVIDZ_CHECK(reader.bytes(text.data(), text.size()));
    return text;
}

Result<void> skip_text(ByteReader& reader) {
    OURVIDZ_TRY(length, reader.number<std::uint64_t>());
    return reader.skip(length);
}

// Lists hold numbers or text; a list of lists is not used by any model and is refused.
Result<std::uint64_t> skip_array(ByteReader& reader) {
    OURVIDZ_TRY(type, reader.number<std::uint32_t>());
    OURVIDZ_TRY(count, reader.number<std::uint64_t>());
    if (count > array_items_max) return bad_file("The GGUF header is damaged: a list is too long.");
    if (type == type_string) {
        for (std::uint64_t i = 0; i < count; ++i) OURVIDZ_CHECK(skip_text(reader));
    } else if (const auto bytes = number_bytes(type); bytes > 0) {
        OURVIDZ_CHECK(reader.skip(bytes * count));
    } else {
        return bad_file("The GGUF header is damaged: a list has items of an unknown type.");
    }
    return count;
}

template <class Number>
Result<std::string> number_text(ByteReader& reader) {
    OURVIDZ_TRY(value, reader.number<Number>());
    return std::to_string(value);
}

Result<std::string> read_number(ByteReader& reader, std::uint32_t type) {
    switch (type) {
        case 0:
        case 7:
            return number_text<std::uint8_t>(reader);
        case 1:
            return number_text<std::int8_t>(reader);
        case 2:
            return number_text<std::uint16_t>(reader);
        case 3:
            return number_text<std::int16_t>(reader);
        case 4:
            return number_text<std::uint32_t>(reader);
        case 5:
            return number_text<std::int32_t>(reader);
        case 6:
            return number_text<float>(reader);
        case 10:
            return number_text<std::uint64_t>(reader);
        case 11:
            return number_text<std::int64_t>(reader);
        case 12:
            return number_text<double>(reader);
        default:
            return bad_file("The GGUF header is damaged: a value has an unknown type.");
    }
}

struct Key {
    std::string name;
    std::uint32_t type = 0;  // of what follows
};

Result<Key> read_key(ByteReader& reader) {
    OURVIDZ_TRY(name, read_text(reader, key_bytes_max, "a key"));
    OURVIDZ_TRY(type, reader.number<std::uint32_t>());
    return Key{std::move(name), type};
}

Result<std::vector<std::string>> read_texts(ByteReader& reader) {
    OURVIDZ_TRY(type, reader.number<std::uint32_t>());
    OURVIDZ_TRY(count, reader.number<std::uint64_t>());
    if (type != type_string || count > array_items_max)
        return bad_file("The GGUF header is damaged: a list is not one of words.");
    std::vector<std::string> texts;
    for (std::uint64_t i = 0; i < count; ++i) {
        OURVIDZ_TRY(text, read_text(reader, key_bytes_max, "a word"));
        texts.push_back(std::move(text));
    }
    return texts;
}

Result<void> read_value(ByteReader& reader, const Key& pair, Header& header) {
    const auto& [key, type] = pair;
    if (type == type_array) {
        OURVIDZ_TRY(count, skip_array(reader));
        header.metadata[key + ".count"] = std::to_string(count);
        return {};
    }
    if (type != type_string) {
        OURVIDZ_TRY(text, read_number(reader, type));
        header.metadata[key] = text;
        return {};
    }
    OURVIDZ_TRY(length, reader.number<std::uint64_t>());
    if (length > kept_text_bytes_max) return reader.skip(length);
    std::string text(static_cast<std::size_t>(length), '\0');
    OURVIDZ_CHECK(reader.bytes(text.data(), text.size()));
    header.metadata[key] = std::move(text);
    return {};
}

struct Extent {
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;
};

Result<Extent> read_tensor(ByteReader& reader, Header& header) {
    Tensor tensor;
    OURVIDZ_TRY(name, read_text(reader, tensor_name_bytes_max, "a tensor name"));
    tensor.name = std::move(name);
    OURVIDZ_TRY(dimensions, reader.number<std::uint32_t>());
    if (dimensions > dimensions_max)
        return bad_file("The GGUF header is damaged: a tensor has too many dimensions.");
    std::uint64_t items = 1;
    for (std::uint32_t i = 0; i < dimensions; ++i) {
        OURVIDZ_TRY(length, reader.number<std::uint64_t>());
        if (length == 0 || items > (std::uint64_t{1} << 48U) / length) {
            return bad_file("The GGUF header is damaged: a tensor has an impossible shape.");
        }
        items *= length;
        tensor.shape.insert(tensor.shape.begin(), length);
    }
    OURVIDZ_TRY(type, reader.number<std::uint32_t>());
    OURVIDZ_TRY(offset, reader.number<std::uint64_t>());
    const Block block = block_of(type);
    header.tensors.push_back(std::move(tensor));
    return Extent{offset, block.items == 0 ? 0 : (items + block.items - 1) / block.items * block.bytes};
}

Result<void> check_extents(const ByteReader& reader, const Header& header,
                           const std::vector<Extent>& extents) {
    std::uint64_t alignment = alignment_default;
    if (const auto found = header.metadata.find("general.alignment"); found != header.metadata.end()) {
        alignment = std::strtoull(found->second.c_str(), nullptr, 10);
        if (alignment == 0 || alignment > (1U << 20U))
            return bad_file("The GGUF header is damaged: impossible alignment.");
    }
    const std::uint64_t data = (reader.position() + alignment - 1) / alignment * alignment;
    for (std::size_t i = 0; i < extents.size(); ++i) {
        const auto& extent = extents[i];
        const std::uint64_t room = reader.size() > data ? reader.size() - data : 0;
        if (extent.offset > room || extent.bytes > room - extent.offset) {
            return bad_file("The file is cut off: the weights of " + header.tensors[i].name +
                            " lie past its end. Download it again.");
        }
    }
    return {};
}

struct Counts {
    std::uint64_t tensors = 0;
    std::uint64_t pairs = 0;
};

Result<Counts> read_counts(ByteReader& reader) {
    reader.set_end(std::min(reader.size(), gguf_header_bytes_max));
    OURVIDZ_TRY(version, reader.number<std::uint32_t>());
    if (version == 1) return bad_file("This GGUF file has the outdated version 1; get a newer conversion.");
    if (version != 2 && version != 3) {
        return bad_file("This GGUF file has a version that we cannot read (big-endian files neither).");
    }
    OURVIDZ_TRY(tensors, reader.number<std::uint64_t>());
    OURVIDZ_TRY(pairs, reader.number<std::uint64_t>());
    if (tensors > tensors_max || pairs > pairs_max)
        return bad_file("The GGUF header is damaged: impossible counts.");
    return Counts{tensors, pairs};
}

}  // namespace

Result<std::vector<std::string>> read_gguf_words(ByteReader& reader) {
    OURVIDZ_TRY(counts, read_counts(reader));
    Header header;
    std::vector<std::string> words;
    for (std::uint64_t i = 0; i < counts.pairs; ++i) {
        OURVIDZ_TRY(key, read_key(reader));
        if (key.name == "tokenizer.ggml.tokens" && key.type == type_array) {
            OURVIDZ_TRY(texts, read_texts(reader));
            words = std::move(texts);
        } else {
            OURVIDZ_CHECK(read_value(reader, key, header));
        }
    }
    if (header.metadata["tokenizer.ggml.model"] != "gpt2") words.clear();
    return words;
}

Result<Header> read_gguf(ByteReader& reader) {
    OURVIDZ_TRY(counts, read_counts(reader));
    Header header;
    header.format = "gguf";
    header.bytes = reader.size();
    for (std::uint64_t i = 0; i < counts.pairs; ++i) {
        OURVIDZ_TRY(key, read_key(reader));
        OURVIDZ_CHECK(read_value(reader, key, header));
    }
    std::vector<Extent> extents;
    for (std::uint64_t i = 0; i < counts.tensors; ++i) {
        OURVIDZ_TRY(extent, read_tensor(reader, header));
        extents.push_back(extent);
    }
    OURVIDZ_CHECK(check_extents(reader, header, extents));
    return header;
}

}  // namespace ourvidz::catalog
