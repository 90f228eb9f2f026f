// What nearly every test includes, compiled once (ourvidz_precompiled() in parts.cmake).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "precompiled_library.h"
