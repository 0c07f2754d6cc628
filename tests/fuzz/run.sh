#!/usr/bin/env bash
# run.sh BUILD [--seconds N | --runs N] [TARGET...]: each fuzz target for N seconds (default 60), or over N inputs that are the same
# every time, from its corpus (a quarter of them for fix, a hundredth for prove).
# What libFuzzer finds is kept in BUILD/found; new inputs go to BUILD/corpus, never into the repository.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
build=$1
shift
limit=(-max_total_time=60) words="60 s"
case ${1-} in
--seconds)
    limit=(-max_total_time="${2:?"--seconds wants a number"}") words="$2 s"
    shift 2
    ;;
--runs)
    limit=(-runs="${2:?"--runs wants a number"}" -seed=1) words="$2 inputs"
    shift 2
    ;;
esac
if [ $# -eq 0 ]; then
    for source in "$here"/fuzz_*.c; do
        [ ! -e "$source" ] || set -- "$@" "$(basename "$source" .c)"
    done
fi
if [ $# -eq 0 ]; then
    echo "fuzz: there are no targets yet"
    exit 0
fi

# What one input costs differs: a proof, or a file fixed again and again, is worth many texts.
limit_of() {
    case ${limit[0]}:$1 in
    -runs=*:fix) echo "-runs=$((${limit[0]#-runs=} / 4))" ;;
    -runs=*:prove) echo "-runs=$((${limit[0]#-runs=} / 100))" ;;
    *) echo "${limit[0]}" ;;
    esac
}

failed=0
for target in "$@"; do
    name=${target#fuzz_}
    mkdir -p "$build/corpus/$name" "$build/found"
    echo "fuzz: $name, $words ($(limit_of "$name"))"
    if ! "$build/tests/fuzz/fuzz_$name" "$(limit_of "$name")" "${limit[@]:1}" -timeout=10 -rss_limit_mb=1024 \
        -print_final_stats=1 -verbosity=0 -artifact_prefix="$build/found/$name-" \
        "$build/corpus/$name" "$here/corpus/$name"; then
        echo "fuzz: $name failed; its input is in $build/found"
        failed=1
    fi
done
exit "$failed"
