#!/usr/bin/env bash
# run.sh BUILD [--seconds N] [TARGET...]: each fuzz target for N seconds (default 60) from its corpus.
# What libFuzzer finds is kept in BUILD/found; new inputs go to BUILD/corpus, never into the repository.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
build=$1
shift
seconds=60
if [ "${1-}" = --seconds ]; then
    seconds=${2:?"--seconds wants a number"}
    shift 2
fi
if [ $# -eq 0 ]; then
    for source in "$here"/fuzz_*.c; do
        [ ! -e "$source" ] || set -- "$@" "$(basename "$source" .c)"
    done
fi
if [ $# -eq 0 ]; then
    echo "fuzz: there are no targets yet"
    exit 0
fi

failed=0
for target in "$@"; do
    name=${target#fuzz_}
    mkdir -p "$build/corpus/$name" "$build/found"
    echo "fuzz: $name, $seconds s"
    if ! "$build/tests/fuzz/fuzz_$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 \
        -print_final_stats=1 -verbosity=0 -artifact_prefix="$build/found/$name-" \
        "$build/corpus/$name" "$here/corpus/$name"; then
        echo "fuzz: $name failed; its input is in $build/found"
        failed=1
    fi
done
exit "$failed"
