#!/usr/bin/env bash
# vscode.sh ROOT: vscode.js; skipped (77) without node.
set -euo pipefail

command -v node >/dev/null || { echo "skipped: no node"; exit 77; }
exec node "$1/tests/grammar/vscode.js" "$1"
