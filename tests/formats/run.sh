#!/usr/bin/env bash
# run.sh DUET SOURCE: the test with the tools that tools.sh put into build/formats; 77, skipped, without them.
set -euo pipefail

tools=$2/build/formats
if [ ! -e "$tools/done" ]; then
    echo "skipped: the readers aren't there; ./dev formats installs them"
    exit 77
fi
exec "$tools/python/bin/python" -B "$2/tests/formats/test_formats.py" "$1" "$2" "$tools"
