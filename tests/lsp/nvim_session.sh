#!/usr/bin/env bash
# nvim_session.sh ROOT: the session of nvim_session.lua, in a copy of the mappings. Exit 77 without Neovim.
set -euo pipefail

command -v nvim >/dev/null || { echo "skipped: no nvim"; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp -r "$1/mappings" "$folder/mappings"
mkdir "$folder/mappings/.git" # the root of what belongs together
cd "$folder/mappings"
export DUET_ROOT=$1
# Nothing of the person's own: settings, plug-ins, state.
export HOME=$folder XDG_CONFIG_HOME=$folder XDG_DATA_HOME=$folder XDG_STATE_HOME=$folder XDG_CACHE_HOME=$folder
cat >"$folder/run.lua" <<END
local fine, why = xpcall(dofile, debug.traceback, '$1/tests/lsp/nvim_session.lua')
if not fine then io.stderr:write(tostring(why) .. '\n') end
vim.cmd(fine and 'qall!' or 'cquit!')
END
nvim --headless -u NONE -i NONE -n --cmd 'set hidden' -c "luafile $folder/run.lua"
