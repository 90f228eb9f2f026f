# OURVIDZ_ENGINE_BACKENDS, a comma-separated list, as switches of ggml. The CPU is always there.
set(OURVIDZ_ENGINE_BACKENDS "cpu" CACHE STRING "cpu, and any of cuda, vulkan, hip, metal")

# Portable code: the compiler may use what every x86-64-v3 machine (or every 64-bit ARM) has, not what the
# building machine happens to have. The llamafile kernels are off by default in one engine and worth 1.6x.
set(GGML_NATIVE OFF CACHE BOOL "" FORCE)
set(GGML_LLAMAFILE ON CACHE BOOL "" FORCE)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

string(REPLACE "," ";" _backends "${OURVIDZ_ENGINE_BACKENDS}")
foreach(_backend IN LISTS _backends)
  if(_backend STREQUAL "cpu")
    continue()
  elseif(_backend STREQUAL "cuda")
    set(_names GGML_CUDA SD_CUDA)
  elseif(_backend STREQUAL "vulkan")
    set(_names GGML_VULKAN SD_VULKAN)
  elseif(_backend STREQUAL "hip")
    set(_names GGML_HIP SD_HIPBLAS)
  elseif(_backend STREQUAL "metal")
    set(_names GGML_METAL SD_METAL)
  else()
    message(FATAL_ERROR "OURVIDZ_ENGINE_BACKENDS: '${_backend}' is none of cpu, cuda, vulkan, hip, metal")
  endif()
  foreach(_name IN LISTS _names)
    set(${_name} ON CACHE BOOL "" FORCE)
  endforeach()
endforeach()

# hide_all_but(TARGET MAP): the library exports what MAP lists and binds its own symbols to itself. Two engines
# carry two different copies of ggml; neither must ever see the other's.
function(hide_all_but target map)
  if(NOT APPLE)
    target_link_options(${target} PRIVATE "LINKER:--version-script=${map}" "LINKER:-Bsymbolic" "LINKER:-s")
    set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS "${map}")
  endif()
endfunction()
