// The kinds of engine workers that a node runs: one for each line of the queue.
#pragma once

#include <array>

#include "kinds/kinds.h"

namespace ourvidz::node {

using WorkerKind = kinds::Medium;
using kinds::to_string;
constexpr auto worker_kinds = kinds::mediums;

// A value for every kind.
template <class T>
struct PerKind {
    std::array<T, worker_kinds.size()> values{};
    [[nodiscard]] T& operator[](WorkerKind kind) { return values.at(static_cast<std::size_t>(kind)); }
    [[nodiscard]] const T& operator[](WorkerKind kind) const {
        return values.at(static_cast<std::size_t>(kind));
    }
};

}  // namespace ourvidz::node
