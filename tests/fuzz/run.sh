#!/bin/sh
# Fuzzes one target in the build directory:
#
#   run.sh TARGET SECONDS SOURCE-DIRECTORY
#
# What is found stays in fuzzed/TARGET; an input that breaks a claim in fuzzed/TARGET-crash-*: give it a
# name, put it in tests/fuzz/corpus/TARGET, mend the code.
set -eu
target=$1 seconds=$2 source=$3
mkdir -p "fuzzed/$target"
words=
[ ! -e "$source/tests/fuzz/words/$target" ] || words=-dict=$source/tests/fuzz/words/$target
ASAN_OPTIONS=${ASAN_OPTIONS-detect_leaks=1:allocator_may_return_null=1}
export ASAN_OPTIONS
# shellcheck disable=SC2086 # an option or nothing
"tests/fuzz/$target.tap" $words -max_total_time="$seconds" -max_len=8192 -timeout=20 \
    -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="fuzzed/$target-" \
    "fuzzed/$target" "$source/tests/fuzz/corpus/$target" >"fuzzed/$target.log" 2>&1 || {
    tail -n 40 "fuzzed/$target.log"
    exit 1
}
executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "fuzzed/$target.log")
edges=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "fuzzed/$target.log" | tail -n 1)
printf '%-12s %10s executions %6s edges\n' "$target" "$executions" "$edges"
