#!/usr/bin/env bash
# `./dev lint [STEP...]`: layout, both compilers with warnings as errors, clang-tidy, cppcheck.
# Every step runs even after one failed; the last lines say which did.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=build.sh
. "$root/.ci/build.sh"
cd "$root"

jobs=$(nproc 2>/dev/null || echo 2)
all_steps=(format gcc clang tidy cppcheck)

our_sources() {
    { find dsl engine tests -name '*.[ch]' 2>/dev/null || true; } | LC_ALL=C sort
}

step_format() {
    our_sources | xargs -r clang-format --dry-run -Werror
}

step_gcc() {
    build release
}

step_clang() {
    build lint
}

# Over what is compiled, so that each file is read with its own flags; generated code is not ours.
step_tidy() {
    build lint duet-generated >/dev/null
    sed -n 's/^ *"file": "\(.*\)",\{0,1\}$/\1/p' build/lint/compile_commands.json | LC_ALL=C sort -u |
        grep -v "^$root/build/" |
        xargs -r -n 1 -P "$jobs" clang-tidy -p build/lint --quiet --warnings-as-errors='*' 2>/dev/null
}

step_cppcheck() {
    build lint duet-generated >/dev/null
    mkdir -p build/cppcheck
    cppcheck --quiet --error-exitcode=1 --enable=warning,performance,portability --inline-suppr \
        --std=c11 --cppcheck-build-dir=build/cppcheck -j "$jobs" \
        --suppressions-list=.ci/cppcheck-suppressions.txt \
        --project=build/lint/compile_commands.json '--suppress=*:*/generated/*'
}

failed=()
[ $# -gt 0 ] || set -- "${all_steps[@]}"
for step in "$@"; do
    if ! declare -F "step_$step" >/dev/null; then
        echo "lint: unknown step '$step', expected one of: ${all_steps[*]}" >&2
        exit 2
    fi
    echo "lint: $step"
    (set -e; "step_$step") || failed+=("$step")
done
if [ ${#failed[@]} -gt 0 ]; then
    echo "lint: failed: ${failed[*]}"
    exit 1
fi
echo "lint: clean"
