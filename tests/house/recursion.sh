#!/usr/bin/env bash
# recursion.sh CC ROOT LIST INCLUDE...: each function of dsl/ and engine/ that can come to call itself, by a call that can be seen, stands
# in LIST (recursion.txt) with the limit that ends it and the test that reaches the limit; and nothing else stands there. The calls
# are gcc's (-fcallgraph-info, without optimisation): 77 where CC can't tell them.
set -euo pipefail

cc=$1 root=$2 list=$3
shift 3
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$root"

echo 'int main(void) { return 0; }' >"$scratch/probe.c"
if ! "$cc" -fcallgraph-info -c "$scratch/probe.c" -o "$scratch/probe.o" 2>/dev/null || [ ! -e "$scratch/probe.ci" ]; then
    echo "$cc doesn't tell who calls whom (gcc does): skipped"
    exit 77
fi

includes=("-I$root")
for folder in "$@"; do includes+=("-I$folder"); done
# graph FILE: writes who calls whom in it.
graph() {
    local object=$scratch/${1//\//.}.o
    "$cc" -O0 -w -std=c17 -D_POSIX_C_SOURCE=200809L '-DDUET_VERSION=""' "${includes[@]}" -fcallgraph-info -c "$1" -o "$object"
    rm -f "$object"
}
mapfile -t sources < <(find dsl engine -name '*.c' | LC_ALL=C sort)
jobs=$(nproc 2>/dev/null || echo 2)
pids=()
for ((job = 0; job < jobs; job++)); do
    (for ((i = job; i < ${#sources[@]}; i += jobs)); do graph "${sources[i]}"; done) &
    pids+=($!)
done
for pid in "${pids[@]}"; do wait "$pid"; done

# "file.c:function" for a static one, "function" for others.
grep -h '^edge:' "$scratch"/*.ci | sed -n 's|^edge: { sourcename: "\([^"]*\)" targetname: "\([^"]*\)".*|\1 \2|p' |
    sed "s|$root/||g" | awk '
    !(($1, $2) in seen) { seen[$1, $2] = 1; calls[$1] = calls[$1] " " $2; node[$1]; node[$2] }
    # Can `from` come back to `goal`? The marks make each node be looked at once.
    function reaches(from, goal,    list, count, i, top, stack) {
        top = 0
        stack[++top] = from
        split("", mark)
        while (top > 0) {
            count = split(calls[stack[top--]], list, " ")
            for (i = 1; i <= count; i++) {
                if (list[i] == goal)
                    return 1
                if (!(list[i] in mark) && (list[i] in left)) {
                    mark[list[i]]
                    stack[++top] = list[i]
                }
            }
        }
        return 0
    }
    END {
        for (n in node)
            left[n]
        # What calls nothing that is left is in no circle.
        do {
            gone = 0
            for (n in left) {
                count = split(calls[n], list, " ")
                for (i = 1; i <= count && !(list[i] in left); i++)
                    continue
                if (i > count) {
                    delete left[n]
                    gone = 1
                }
            }
        } while (gone)
        for (n in left)
            if (reaches(n, n))
                print n
    }' | LC_ALL=C sort >"$scratch/found"

status=0
sed -n 's/^\([^#: ][^ ]*\) : .*/\1/p' "$list" | LC_ALL=C sort >"$scratch/listed"
while read -r name; do
    echo "$name() can call itself and isn't in ${list##*/}: with which limit, and which test reaches it?"
    status=1
done < <(LC_ALL=C comm -23 "$scratch/found" "$scratch/listed")
while read -r name; do
    echo "$name() stands in ${list##*/} and never calls itself"
    status=1
done < <(LC_ALL=C comm -13 "$scratch/found" "$scratch/listed")
while IFS=' ' read -r name _ limit _ test; do
    case $name in '' | '#'*) continue ;; esac
    [ "$limit" != later ] || continue
    if ! grep -rqw -- "$limit" dsl engine grammar; then
        echo "$name(): there is no limit $limit"
        status=1
    fi
    if [ "$test" != - ] && [ ! -e "tests/$test" ] && ! grep -rqw -- "$test" tests --include='*.c'; then
        echo "$name(): there is no test $test"
        status=1
    fi
done <"$list"
[ -s "$scratch/found" ] || { echo "no calls were read"; status=1; }
exit "$status"
