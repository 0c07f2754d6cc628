#!/usr/bin/env bash
# textmate.sh ROOT BUILD: textmate.js with the modules that `npm install --prefix BUILD/editors` got; skipped (77) without.
set -euo pipefail

modules=$2/editors/node_modules
if ! command -v node >/dev/null || [ ! -d "$modules/vscode-textmate" ] || [ ! -d "$modules/vscode-oniguruma" ]; then
    echo "skipped: npm install --no-save --prefix $2/editors vscode-textmate@9 vscode-oniguruma@2"
    exit 77
fi
exec node "$1/tests/grammar/textmate.js" "$1" "$modules"
