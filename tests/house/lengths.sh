#!/usr/bin/env bash
# lengths.sh ROOT: no file of C over 900 lines; one that long has more than one subject.
set -euo pipefail
cd "$1"

{ find dsl engine tests -type f -name '*.[ch]' 2>/dev/null || true; } | LC_ALL=C sort | xargs -r awk '
    FNR == 901 { printf "%s: more than 900 lines\n", FILENAME; bad = 1 }
    END { exit bad }'
