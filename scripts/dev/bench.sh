# shellcheck shell=bash
# Sourced by ./dev: `./dev bench [NAME]` runs tests/bench/NAME.* against the release build.

bench_scripts() { find tests/bench -maxdepth 1 -type f \( -name '*.sh' -o -name '*.py' -o -name '*.mjs' \); }
list_bench() { bench_scripts | sed 's|.*/||; s/\.[^.]*$//' | sort; }

# The chaos run's own worker, and with --control NAME the build that it is about.
prepare_chaos() {
    build release quick_worker
    while [ $# -gt 0 ]; do
        [ "$1" != --control ] || build_control "${2:-}" "${programs[@]}" quick_worker
        shift
    done
}

run_bench() {
    local script
    if [ $# -eq 0 ]; then
        echo "benchmarks:"
        list_bench
        return
    fi
    script=$(bench_scripts | grep -F "/$1." | head -1) || true
    [ -n "$script" ] || die "there is no benchmark '$1'; these exist: $(list_bench | tr '\n' ' ')"
    shift
    build release
    case $script in
        tests/bench/chaos.py) prepare_chaos "$@" ;;
        tests/bench/loss.py | tests/bench/soak.py | tests/bench/web.py) prepare_chaos ;;
    esac
    case $script in
        *.sh) bash "$script" "$@" ;;
        *.py) python3 "$script" "$@" ;;
        *.mjs) node "$script" "$@" ;;
    esac
}
