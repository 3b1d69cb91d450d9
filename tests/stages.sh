# Sourced by ./bootstrap: stages with one line of output each, logs below build/log/.
# Commands run inside a condition, so `set -e` does not hold in them: functions chain with &&.
# shellcheck shell=sh
# shellcheck disable=SC2154 # top: of bootstrap

log_dir=$top/build/log
mkdir -p "$log_dir"
passed=0
failed=0

# How many jobs at a time.
jobs_wanted()
{
    getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1
}

# The line of a log that says most: the first error, else the last line.
reason()
{
    sed -n '/^PASS:/d;/^FAIL:/p;/^ERROR:/p;/[Ee]rror[: ]/p;/\*\*\*/p' "$1" | head -n 1 | cut -c 1-160 >"$1.reason"
    [ -s "$1.reason" ] || tail -n 1 "$1" | cut -c 1-160 >"$1.reason"
    sed "s,$top/,,g" "$1.reason"
    rm -f "$1.reason"
}

# run NAME LOG COMMAND...: shows the name, then how long it took or why it failed.
run()
{
    run_name=$1 run_log=$log_dir/$2.log
    shift 2
    printf '  %-48s' "$run_name"
    run_start=$(date +%s)
    if ("$@") >"$run_log" 2>&1 </dev/null; then
        printf '%4d s\n' $(($(date +%s) - run_start))
        return 0
    fi
    printf 'FAILED\n'
    printf 'bootstrap: %s: %s (see %s)\n' "$run_name" "$(reason "$run_log")" \
        "${run_log#"$top"/}" >&2
    return 1
}

# A stage that everything after it needs.
stage()
{
    run "$@" || exit 1
}

# A stage that is a test of its own: counted, and the rest goes on.
test_stage()
{
    if run "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

# A stage that only those need which stand behind it: where it fails, that is one failure.
buildable()
{
    run "$@" || { failed=$((failed + 1)); return 1; }
}

# suite NAME LOG DIRECTORY COMMAND...: a stage that runs automake tests in a build directory, each
# counted. A skipped test is a failed one.
suite()
{
    suite_name=$1 suite_log=$2 suite_dir=$3
    shift 3
    find "$suite_dir" -name '*.trs' -exec rm -f {} +
    suite_ok=yes
    run "$suite_name" "$suite_log" "$@" || suite_ok=no
    suite_passed=$(test_results "$suite_dir" | grep -c '^PASS' || true)
    suite_failed=$(test_results "$suite_dir" | grep -vc '^PASS' || true)
    if [ "$suite_passed" = 0 ] || { [ "$suite_ok" = no ] && [ "$suite_failed" = 0 ]; }; then
        suite_failed=$((suite_failed + 1))
    fi
    if [ "$suite_ok" = yes ] && [ "$suite_failed" != 0 ]; then
        printf 'bootstrap: %s: %s skipped or not run (see %s)\n' "$suite_name" "$suite_failed" \
            "build/log/$suite_log.log" >&2
    fi
    passed=$((passed + suite_passed))
    failed=$((failed + suite_failed))
}

# Automake's own record: one line a test, PASS, FAIL, SKIP, ERROR and so on.
test_results()
{
    find "$1" -name '*.trs' -exec sed -n 's/^:test-result: *//p' {} +
}
