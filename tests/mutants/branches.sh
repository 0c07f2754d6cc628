#!/usr/bin/env bash
# Runs a compiler as it is called. A file that is compiled with -DDUET_BRANCHES_FROM=N gets branches that can be turned round,
# numbered from N (branches.awk), and a list of them, `branches/N` in the folder that the compiler runs in. Conditions are turned
# as they were written, and made fast afterwards.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)

from='' source='' object='' arguments=()
for argument in "$@"; do
    case $argument in -DDUET_BRANCHES_FROM=*) from=${argument#*=} ;; esac
done
[ -n "$from" ] || exec "$@"

previous=''
for argument in "$@"; do
    case $previous in
    -o) object=$argument argument=$argument.ll ;;
    -c) source=${argument#"$(dirname "$(dirname "$here")")/"} ;;
    esac
    previous=$argument
    case $argument in -O?) ;; *) arguments+=("$argument") ;; esac
done

"${arguments[@]}" -S -emit-llvm -g -O1 -Xclang -disable-llvm-passes -Xclang -disable-lifetime-markers
mkdir -p branches
awk -f "$here/branches.awk" -v from="$from" -v source="$source" -v list="branches/$from" \
    "$object.ll" "$object.ll" >"$object.turned.ll"
"$1" -O2 -c "$object.turned.ll" -o "$object"
rm -f "$object.ll" "$object.turned.ll"
