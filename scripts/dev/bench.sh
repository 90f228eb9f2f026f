# shellcheck shell=bash
# Sourced by ./dev: `./dev bench [NAME]` runs tests/bench/NAME.* against the release build.

list_bench() {
    find tests/bench -maxdepth 1 -type f \( -name '*.sh' -o -name '*.py' -o -name '*.mjs' \) -printf '%f\n' | sed 's/\.[^.]*$//' | sort
}

run_bench() {
    local script
    if [ $# -eq 0 ]; then
        echo "benchmarks:"
        list_bench
        return
    fi
    script=$(find tests/bench -maxdepth 1 -name "$1.*" | head -1)
    [ -n "$script" ] || die "there is no benchmark '$1'; these exist: $(list_bench | tr '\n' ' ')"
    shift
    build release
    case $script in
        *.sh) bash "$script" "$@" ;;
        *.py) python3 "$script" "$@" ;;
        *.mjs) node "$script" "$@" ;;
        *) die "$script is no script" ;;
    esac
}
