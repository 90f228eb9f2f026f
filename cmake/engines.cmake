# The engines' libraries as imported targets, one each for the one library that adapts it:
#   ourvidz::sd, ourvidz::llama
# They were built by third_party/engines/build.sh into a cache outside the checkout; what they are able to do is
# found out from the header, since another source tree may be newer than the pinned one.
set(OURVIDZ_ENGINE_PREFIX "" CACHE PATH "folder with the engines' lib/ and include/; empty: what build.sh built")

if(OURVIDZ_ENGINE_PREFIX)
  set(_prefix "${OURVIDZ_ENGINE_PREFIX}")
else()
  execute_process(COMMAND "${CMAKE_SOURCE_DIR}/third_party/engines/build.sh" --print-prefix
                  OUTPUT_VARIABLE _prefix OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE _status)
  if(NOT _status EQUAL 0)
    message(FATAL_ERROR "The engines are not built. Run third_party/engines/build.sh (about 14 CPU minutes, once), "
                        "or set OURVIDZ_ENGINE_PREFIX.")
  endif()
endif()
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${_prefix}/engines.txt")

# import_engine(NAME LIBRARY): makes ourvidz::NAME, with the version and back ends of engines.txt as definitions.
function(import_engine name library)
  set(file "${_prefix}/lib/${CMAKE_SHARED_LIBRARY_PREFIX}${library}${CMAKE_SHARED_LIBRARY_SUFFIX}")
  if(NOT EXISTS "${file}")
    message(FATAL_ERROR "${file} is missing; run third_party/engines/build.sh")
  endif()
  file(STRINGS "${_prefix}/engines.txt" line REGEX "^${name}\t")
  string(REPLACE "\t" ";" fields "${line}")
  list(GET fields 1 version)
  list(GET fields 2 back_ends)
  add_library(ourvidz::${name} SHARED IMPORTED GLOBAL)
  set_target_properties(ourvidz::${name} PROPERTIES
    IMPORTED_LOCATION "${file}"
    INTERFACE_INCLUDE_DIRECTORIES "${_prefix}/include/${name}"
    INTERFACE_COMPILE_DEFINITIONS
      "OURVIDZ_ENGINE_VERSION=\"${version}\";OURVIDZ_ENGINE_BACKENDS=\"${back_ends}\"")
endfunction()

import_engine(sd stable-diffusion)
import_engine(llama ourvidz-llama)

# sd_can(DEFINITION CODE): defines DEFINITION for ourvidz::sd if CODE compiles with its header.
include(CheckCXXSourceCompiles)
function(sd_can definition code)
  set(CMAKE_REQUIRED_INCLUDES "${_prefix}/include/sd")
  set(CMAKE_REQUIRED_QUIET ON)
  set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
  string(MD5 content "${_prefix}")
  check_cxx_source_compiles("#include <stable-diffusion.h>\n${code}\nint main() {}" ${definition}_${content})
  if(${definition}_${content})
    set_property(TARGET ourvidz::sd APPEND PROPERTY INTERFACE_COMPILE_DEFINITIONS ${definition})
  endif()
endfunction()
sd_can(OURVIDZ_SD_CANCEL "auto* f = &sd_cancel_generation; auto m = SD_CANCEL_ALL;")
sd_can(OURVIDZ_SD_IMAGE_BOOL "bool f(sd_ctx_t* c, sd_img_gen_params_t* p, sd_image_t** i, int* n) { return generate_image(c, p, i, n); }")
sd_can(OURVIDZ_SD_MAX_VRAM_TEXT "void f(sd_ctx_params_t& p) { p.max_vram = \"1\"; }")
