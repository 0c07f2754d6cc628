#!/usr/bin/env bash
# readmes.sh ROOT: every folder with sources has a README.md that names each of them in backticks,
# as `parse.c`, or as the module `parse` when it is a header and a source.
set -euo pipefail
cd "$1"

bad=0
while read -r file; do
    folder=${file%/*}
    name=${file##*/}
    if [ ! -f "$folder/README.md" ]; then
        echo "$folder: has $name but no README.md"
        bad=1
    elif ! grep -qE "\`([^\`]*[^A-Za-z0-9_\`])?${name%%.*}([^A-Za-z0-9_\`][^\`]*)?\`" "$folder/README.md"; then
        echo "$folder/README.md: doesn't name $name"
        bad=1
    fi
done < <(find grammar dsl engine mappings tests -type f \
    \( -name '*.[chly]' -o -name '*.def' -o -name '*.sh' -o -name '*.duet' \) \
    -not -path 'tests/cases/*/*' -not -path 'tests/fuzz/corpus/*' 2>/dev/null | LC_ALL=C sort)
exit "$bad"
