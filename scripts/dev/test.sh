# shellcheck shell=bash
# Sourced by ./dev: the suites of `./dev test`. Each leaves a file in build/test-results, and
# scripts/test_report.py counts them.

# record SUITE NAME COMMAND...: one command that is one test: passed if it exits with 0, skipped with 77.
record() {
    local suite=$1 name=$2 log status=0 outcome start=$SECONDS
    shift 2
    log=$results/$suite-${name//[^A-Za-z0-9]/-}.log
    "$@" >"$log" 2>&1 || status=$?
    case $status in
        0) outcome=passed ;;
        77) outcome=skipped ;;
        *) outcome=failed ;;
    esac
    printf '%s\t%s\t%d\n' "$name" "$outcome" $((SECONDS - start)) >>"$results/$suite.tsv"
    say "$suite: $name: $outcome ($((SECONDS - start)) s)"
    [ "$outcome" != failed ] || { tail -60 "$log" >&2; return 1; }
}

in_web() { (cd web && "$@"); }

# The repository's own rules; every check also proves that it can fail.
test_repository() {
    local check
    for check in check_layers check_tidy check_third_party check_architecture; do
        record repository "$check" python3 "scripts/$check.py" || true
        record repository "$check can fail" python3 "scripts/$check.py" --self-test || true
    done
    record repository "the control builds' patches apply" git apply --check tests/chaos/controls/*.patch || true
    record repository "shellcheck" shellcheck -x dev .ci/run models/*/fetch.sh || true
    record repository "test_report can fail" python3 scripts/test_report.py --self-test || true
}

test_web() {
    record web "types" in_web npx tsc --noEmit || true
    record web "lint" in_web npx eslint --max-warnings=0 . || true
    record web "format" in_web npm run --silent format:check || true
    record web "nothing unused" in_web npx knip || true
    record web "client is generated" in_web npm run --silent gen:check || true
    record web "build" build_web || true
    in_web npx vitest run --reporter=json --outputFile="$results/web-vitest.json" >"$results/web-vitest.log" 2>&1 ||
        { say "web-vitest: failed"; tail -60 "$results/web-vitest.log" >&2; }
}

# run_ctest SUITE PRESET [CTEST OPTION...]
run_ctest() {
    local suite=$1 preset=$2
    shift 2
    ctest --test-dir "build/$preset" --output-on-failure --output-junit "$results/$suite.xml" -j"$(nproc)" "$@" \
        >"$results/$suite.log" 2>&1 ||
        { say "$suite: failed"; grep -v ' Passed ' "$results/$suite.log" | tail -80 >&2 || true; }
}

# Those that need PostgreSQL, Redis or S3.
services_tests='/(postgres|redis|s3)(_from_| |$)|^(Tenancy|Postgres|S3|BusTest)\.'
services_alone='^PostgresCrash\.'

# The C++ tests, in the release build: the very code that runs.
test_cpp() {
    record build "release build" build release || return 0
    run_ctest cpp release -E "$services_tests|$services_alone"
}

# PostgreSQL, Redis and S3 behind the ports: the same contract and domain suites, on servers of their own. What takes
# PostgreSQL away from everybody has one to itself.
test_services() {
    with_services "postgres redis s3" run_ctest services release -R "$services_tests"
    with_services postgres run_ctest services-alone release -R "$services_alone" -j1
}
# The API on PostgreSQL, and two servers and two nodes on all three.
test_replicas() {
    with_services postgres run_lines api-postgres python3 tests/api/api_test.py "$(program)" --on-postgres
    with_services postgres run_lines operator-postgres python3 tests/api/operator_test.py "$(program)" --on-postgres
    with_services postgres run_lines isolation-postgres python3 tests/api/isolation_test.py "$(program)" --on-postgres
    with_services "postgres redis s3" run_lines replicas python3 tests/services/replicas_test.py "$(program)"
    with_services "postgres s3" run_lines store-services python3 tests/api/store_test.py "$(program)" --on-services
    with_services "postgres redis s3" run_lines trash-services python3 tests/api/trash_test.py "$(program)" --on-services
    with_services "postgres s3" run_lines backup-services python3 tests/services/backup_test.py "$(program)"
}
# run_lines SUITE COMMAND...: a command that prints a line for each test.
run_lines() {
    local suite=$1
    shift
    "$@" >"$results/$suite.txt" 2>"$results/$suite.log" ||
        { say "$suite: failed"; grep '^FAILED' "$results/$suite.txt" >&2 || true; tail -40 "$results/$suite.log" >&2; }
}
# with_services "NAME..." COMMAND...: the command, a function of ours, beside these servers.
with_services() {
    local names=$1
    shift
    export results
    export -f run_ctest run_lines say
    # shellcheck disable=SC2086  # the names are meant to be split
    python3 tests/services/services.py $names -- bash -c '"$@"' with_services "$@"
}

# What the built program promises.
test_program() {
    record program "check_openapi" python3 scripts/check_openapi.py "$(program)" || true
    record program "the sample configuration loads" "$(program)" config --config deploy/config.toml || true
    record program "deploy fits the program" python3 scripts/check_deploy.py build/release || true
    record program "check_deploy can fail" python3 scripts/check_deploy.py --self-test || true
    record program "check_openapi can fail" python3 scripts/check_openapi.py --self-test || true
}

# The HTTP API of the real program, with the default models.
test_api() {
    run_lines api python3 tests/api/api_test.py "$(program)"
    run_lines models python3 tests/api/models_test.py "$(program)"
    run_lines cli python3 tests/api/cli_test.py "$(program)"
    run_lines upload python3 tests/api/upload_test.py "$(program)"
    run_lines isolation python3 tests/api/isolation_test.py "$(program)"
    run_lines sound python3 tests/api/sound_test.py "$(program)"
}

# The contract, tried with everything that schemathesis makes up from it.
test_contract() {
    record contract "schemathesis finds nothing" python3 tests/api/contract_test.py "$(program)" "$OURVIDZ_SCHEMATHESIS" || true
}

# Backups, restores, and jobs that failed for good.
test_operator() {
    run_lines operator python3 tests/api/operator_test.py "$(program)"
}

# Workers and nodes that stand still without ending.
test_stall() {
    run_lines stall python3 tests/api/stall_test.py "$(program)"
}

# Databases and files that are lost, older or another's; full disks and damaged pages; what is deleted for good.
test_store() {
    run_lines store python3 tests/api/store_test.py "$(program)"
    run_lines trash python3 tests/api/trash_test.py "$(program)"
}

# The shipped proxy configuration, with the real nginx.
test_proxy() {
    run_lines proxy python3 tests/api/proxy_test.py "$(program)"
    run_lines base-path python3 tests/api/base_path_test.py "$(program)"
}

# Fetching models from a server that stalls, lies, cuts and corrupts.
test_pull() {
    run_lines pull python3 tests/api/pull_test.py "$(program)"
}

# A few jobs and kills, enough to see that nothing is lost; `./dev check` runs more, and the control builds.
test_faults() {
    record fault "nothing lost, nothing twice" python3 tests/bench/chaos.py --jobs 60 --kills 10 --seed 11 || true
}

# with_studio COMMAND...: the command with BASE_URL naming a studio of its own, empty and with the default models.
with_studio() {
    local data server status=0
    data=$(mktemp -d)
    "$(program)" serve --data-dir "$data/data" --listen 127.0.0.1:0 >"$data/serve.log" 2>&1 &
    server=$!
    for _ in $(seq 600); do
        BASE_URL=$(grep -o 'http://[^ ]*' "$data/serve.log" | head -1) && break
        kill -0 $server 2>/dev/null || break
        sleep 0.1
    done
    export BASE_URL
    if [ -n "$BASE_URL" ]; then "$@" || status=$?; else status=1; fi
    kill $server 2>/dev/null || true
    wait $server || true
    [ "$status" = 0 ] || tail -20 "$data/serve.log" >&2
    rm -rf "$data"
    return "$status"
}

# A real browser against the real program: what the studio does, how it answers to hands, and how it stands being away.
test_browser() {
    mkdir -p "$results/screens"
    SHOTS=$results/screens run_browser browser tests/e2e/studio.e2e.mjs
    SHOTS=$results/screens run_browser hands tests/e2e/hands.e2e.mjs
    run_browser away tests/e2e/away.e2e.mjs
}
# run_browser SUITE SCRIPT
run_browser() {
    with_studio node "$2" >"$results/$1.txt" 2>"$results/$1.log" ||
        { say "$1: failed"; grep -v '^ok' "$results/$1.txt" >&2 || true; tail -40 "$results/$1.log" >&2; }
}

start_results() {
    rm -rf "$results"
    mkdir -p "$results"
}

report() { python3 scripts/test_report.py "$results" "$@"; }

run_tests() {
    start_results
    test_repository
    test_web
    test_cpp
    test_services
    test_program
    test_api
    test_contract
    test_operator
    test_stall
    test_store
    test_proxy
    test_replicas
    test_pull
    test_faults
    test_browser
    report repository web web-vitest build cpp services services-alone program api contract models upload isolation sound cli operator stall store trash proxy base-path api-postgres operator-postgres isolation-postgres replicas store-services trash-services backup-services pull fault browser hands away
}
