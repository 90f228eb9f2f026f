// What nearly every file of our libraries includes, compiled once (ourvidz_precompiled() in parts.cmake).
#include <algorithm>
#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>
