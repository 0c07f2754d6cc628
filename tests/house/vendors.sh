#!/usr/bin/env bash
# vendors.sh ROOT: nothing in dsl/ or engine/ names a product; vendors.txt lists the names.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
cd "$1"

names=$(mktemp)
trap 'rm -f "$names"' EXIT
grep -v -e '^#' -e '^$' "$here/vendors.txt" >"$names"

folders=()
for folder in dsl engine; do
    [ ! -d "$folder" ] || folders+=("$folder")
done
[ ${#folders[@]} -gt 0 ] || exit 0
if grep -rniE -f "$names" "${folders[@]}"; then
    echo "these lines name a product; such names live in mappings/ and tests/"
    exit 1
fi
