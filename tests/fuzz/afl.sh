#!/bin/sh
# As run.sh, with AFL++ for an engine, in persistent mode:
#
#   afl.sh TARGET SECONDS SOURCE-DIRECTORY
#
# What is found stays in fuzzed/TARGET/default/queue, and goes on there the next time; an input that breaks
# a claim or takes too long in fuzzed/TARGET/default/crashes or hangs.
set -eu
target=$1 seconds=$2 source=$3
corpus=$source/tests/fuzz/corpus/$target
[ ! -d "fuzzed/$target/default/queue" ] || corpus=-
mkdir -p fuzzed
words=
[ ! -e "$source/tests/fuzz/words/$target" ] || words="-x $source/tests/fuzz/words/$target"
# AFL++ asks for both; leaks are libFuzzer's to find.
ASAN_OPTIONS=abort_on_error=1:symbolize=0:detect_leaks=0:allocator_may_return_null=1
AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1
export ASAN_OPTIONS AFL_NO_UI AFL_SKIP_CPUFREQ AFL_NO_AFFINITY AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES
# shellcheck disable=SC2086 # an option or nothing
afl-fuzz -i "$corpus" -o "fuzzed/$target" $words -V "$seconds" -G 8192 -t 5000 -m none \
    -- "tests/fuzz/$target.tap" >"fuzzed/$target.log" 2>&1 || {
    tail -n 40 "fuzzed/$target.log"
    exit 1
}
stat()
{
    sed -n "s/^$1 *: //p" "fuzzed/$target/default/fuzzer_stats"
}
printf '%-12s %10s executions %6s edges, stability %s\n' "$target" "$(stat execs_done)" \
    "$(stat edges_found)" "$(stat stability)"
found=$(($(stat saved_crashes) + $(stat saved_hangs)))
[ "$found" = 0 ] || {
    printf 'fuzzed/%s/default: %d inputs in crashes and hangs\n' "$target" "$found"
    exit 1
}
