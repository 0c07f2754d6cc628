#!/usr/bin/env bash
# words.sh ROOT: the keywords in the editors' grammars are those of grammar/duet.l, each once; the files in JSON can be read.
set -euo pipefail
cd "$1"

bad=0
wanted=$(sed -n 's/^"\([A-Za-z0-9_]*\)" *{ return duet_scan_word.*/\1/p' grammar/duet.l | LC_ALL=C sort)
[ "$(wc -l <<<"$wanted")" -gt 100 ] || { echo "grammar/duet.l: too few words were found"; bad=1; }

# same NAME: the words on standard input, one a line, are the wanted ones.
same() {
    local differs
    if ! differs=$(diff <(printf '%s\n' "$wanted") <(LC_ALL=C sort)); then
        printf '%s has too few (<) or too many (>) words:\n%s\n' "$1" "$(grep '^[<>]' <<<"$differs")"
        bad=1
    fi
}

sed -n '/"keyword": *{/,/"sign": *{/p' grammar/duet.tmLanguage.json | grep -o '(?:[A-Za-z0-9|]*)' |
    tr -d '(?:)' | tr '|' '\n' | same grammar/duet.tmLanguage.json
grep -E '^syn match duet(Declaration|Type|Method|OperatorWord|Control|Keyword) ' grammar/neovim/syntax/duet.vim |
    grep -o '%([A-Za-z0-9|]*)' | tr -d '%()' | tr '|' '\n' | same grammar/neovim/syntax/duet.vim

if command -v python3 >/dev/null; then
    for file in grammar/duet.tmLanguage.json grammar/vscode/*.json; do
        python3 -c 'import json, sys; json.load(open(sys.argv[1], encoding="utf-8"))' "$file" || bad=1
    done
fi
exit "$bad"
