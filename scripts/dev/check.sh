# shellcheck shell=bash
# Sourced by ./dev: `./dev check`, what is too slow or too particular for every test run, and the tools that
# put things right again.

our_cpp_files() { git ls-files -z -co --exclude-standard '*.cpp' '*.h'; }

check_format() { our_cpp_files | xargs -0 clang-format --dry-run -Werror; }
format_sources() {
    our_cpp_files | xargs -0 clang-format -i
    in_web npm run --silent format
}

generate_client() { in_web npm run --silent gen; }

# A sanitizer build compiles everything once more.
check_memory() {
    record build "asan build" build asan && run_ctest asan asan
}

# What promises something about threads: the database's writer, events, announcements, the queue.
threaded=(contract queue)
check_threads() {
    local name
    record build "tsan build" build tsan "${threaded[@]/%/_test}" || return 0
    for name in "${threaded[@]}"; do
        "$(find build/tsan -name "${name}_test" -type f)" --gtest_output="xml:$results/tsan-$name.xml" \
            >"$results/tsan-$name.log" 2>&1 || { say "tsan-$name: failed"; tail -60 "$results/tsan-$name.log" >&2; }
    done
}

# Parts of a running studio are killed at random; nothing may be lost or happen twice. Each control build has one of the
# things removed that this rests on, and the same run must notice.
check_faults() {
    local control
    record fault "embedded" python3 tests/bench/chaos.py --jobs 500 --kills 30 || true
    record fault "distributed" python3 tests/bench/chaos.py --distributed --jobs 500 --kills 30 || true
    for control in $(controls); do
        record build "control build $control" build_control "$control" "${programs[@]}" quick_worker || continue
        record fault "the control $control is caught" \
            python3 tests/bench/chaos.py --control "$control" --jobs 300 --kills 30 --seed 1 || true
    done
}

# By the debug build, which compiles each file alone.
check_each_file() { configure debug && python3 scripts/clang_tidy.py build/debug "$cache/clang-tidy"; }

run_checks() {
    start_results
    test_repository
    record static "clang-format" check_format || true
    record static "clang-tidy can fail" python3 scripts/clang_tidy.py --self-test || true
    record build "release build" build release || true
    record static "clang-tidy" check_each_file || true
    test_program
    test_web
    check_memory
    check_threads
    check_faults
    report repository static build program web web-vitest fault asan "${threaded[@]/#/tsan-}"
}
