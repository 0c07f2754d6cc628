#!/usr/bin/env bash
# run.sh SCRIPT MODULE...: the script, with the first Python that has the modules; 77 (skipped) where none has.
set -euo pipefail

script=$1
shift
for python in /usr/bin/python3 python3; do
    if command -v "$python" >/dev/null && "$python" -c "import $(IFS=,; echo "$*")" 2>/dev/null; then
        exec "$python" -B "$script"
    fi
done
echo "skipped: no Python with $*"
exit 77
