# Compiler settings shared by everything that we wrote. Third-party headers are SYSTEM, so that
# warnings can be errors here.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

# gcc 12 sees overlapping copies in std::string's own operator+ once it optimizes (gcc bug 105651).
# Asserts stay in what ships: each is a moment's work, and what goes on after a wrong one may harm data.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -Wno-restrict")

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

set(OURVIDZ_SANITIZE "" CACHE STRING "empty, or a -fsanitize= list such as address,undefined or thread")

add_library(ourvidz_flags INTERFACE)
# Libraries that an executable links but does not use are not loaded: the server must stay small.
target_link_options(ourvidz_flags INTERFACE -Wl,--as-needed)
target_compile_options(ourvidz_flags INTERFACE -Wall -Wextra -Werror -fcoroutines -pthread)
# Frame recycling keeps freed coroutine frames in thread-local caches, which gcc 12 gets wrong.
target_compile_definitions(ourvidz_flags INTERFACE BOOST_ASIO_DISABLE_AWAITABLE_FRAME_RECYCLING
                                                   BOOST_ASIO_NO_DEPRECATED
                                                   # Debian's hiredis wants it, and all have to be alike for precompiled headers.
                                                   _FILE_OFFSET_BITS=64)
target_include_directories(ourvidz_flags INTERFACE "${CMAKE_SOURCE_DIR}/src")
if(OURVIDZ_SANITIZE)
  target_compile_options(ourvidz_flags INTERFACE -fsanitize=${OURVIDZ_SANITIZE} -fno-omit-frame-pointer -g1)
  target_link_options(ourvidz_flags INTERFACE -fsanitize=${OURVIDZ_SANITIZE})
  if(OURVIDZ_SANITIZE STREQUAL "thread")
    # Asio's fences are not seen by the sanitizer; what they order is also ordered by mutexes, which are.
    target_compile_options(ourvidz_flags INTERFACE -Wno-tsan)
  endif()
endif()
