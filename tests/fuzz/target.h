// What a fuzz target consists of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

// Must survive any bytes; ends the program when something that must hold does not.
// The fuzzer looks it up under this name. NOLINTNEXTLINE(readability-identifier-naming)
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

// Good inputs, from which the mutations start.
[[nodiscard]] std::vector<std::string> good_inputs();
