# Sourced by ./bootstrap check: every build, test and analysis, from the cheapest to the dearest.
# shellcheck shell=sh
# shellcheck disable=SC2154 # top, passed, failed: of bootstrap and stages.sh

jobs=$(jobs_wanted)
# The tests are written for an agent that knows TLS, which not every host would be.
agent=--with-agent-kind=unix-x64-linux

# build NAME CONFIGURE-ARGUMENTS...: configures and builds in build/NAME, the tests too.
build()
{
    build_dir=$top/build/$1
    shift
    mkdir -p "$build_dir" && cd "$build_dir" &&
        { [ -e config.status ] || "$top/configure" --enable-werror "$agent" "$@"; } &&
        make -j"$jobs" all &&
        make -j"$jobs" check TESTS=
}

in_build()
{
    cd "$top/build/$1" && shift && "$@"
}

scripts_clean()
{
    cd "$top" && find bootstrap .ci/run examples tests xml -type f \
        \( -name '*.sh' -o -name bootstrap -o -name run -o -name make-exports -o -name audit-shard \) -exec shellcheck -x {} +
}

manuals_clean()
{
    cd "$top" && find libsrc tools -name '*.[1357]' -exec mandoc -T lint -W warning {} +
}

test_stage 'shell scripts (shellcheck)' shellcheck scripts_clean
test_stage 'manual pages (mandoc)' mandoc manuals_clean

if buildable 'build with gcc' build-gcc build check --prefix="$top/build/installed"; then
    suite 'test' test-gcc "$top/build/check" in_build check make -j"$jobs" -k check
    suite 'test under valgrind' test-valgrind "$top/build/check" \
        in_build check make -j"$jobs" -k check-valgrind
    test_stage 'install, use, uninstall' installed in_build check \
        "$top/tests/installed.sh" "$top/build/installed"
    test_stage 'threads under ThreadSanitizer' check-threads in_build check make check-threads
    test_stage 'analyse (cppcheck)' cppcheck in_build check make cppcheck
    test_stage 'analyse (gcc -fanalyzer)' gcc-analyzer in_build check make gcc-analyzer
    test_stage 'analyse (clang-tidy)' clang-tidy in_build check make clang-tidy
    test_stage 'distribution: build, test, install, uninstall' distcheck \
        in_build check make distcheck
fi
if buildable 'build with clang, address and undefined' build-clang \
    build check-clang CC=clang --enable-sanitizers; then
    suite 'test under the sanitizers' test-clang "$top/build/check-clang" \
        in_build check-clang make -j"$jobs" -k check
fi

printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ] || exit 1
