#!/usr/bin/env bash
# editor.sh PROGRAM SCRIPT: runs a script in Vim or Neovim without a screen; skipped (77) where the editor is missing.
set -euo pipefail

program=$1 script=$2
case $program in
vim) command=(vim -N -u NONE -i NONE -n -es) ;;
nvim) command=(nvim --headless -u NONE -i NONE -n) ;;
esac
if ! command -v "$program" >/dev/null || { [ "$program" = vim ] && ! vim --version | grep -q '+syntax'; }; then
    echo "skipped: no $program"
    exit 77
fi
DUET_SCRATCH=$(mktemp -d)
trap 'rm -rf "$DUET_SCRATCH"' EXIT
export DUET_SCRATCH DUET_REPORT=$DUET_SCRATCH/report
touch "$DUET_REPORT"
status=0
"${command[@]}" -S "$script" </dev/null || status=$?
cat "$DUET_REPORT"
exit "$status"
