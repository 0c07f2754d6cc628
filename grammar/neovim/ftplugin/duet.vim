" Settings of duet files, and `duet lsp` where the editor is Neovim and duet is in the path.
" g:duet_command: the program, or v:false for no language server.
if exists("b:did_ftplugin")
  finish
endif
let b:did_ftplugin = 1

setlocal commentstring=#\ %s comments=:# iskeyword=@,48-57,_
setlocal expandtab shiftwidth=2 softtabstop=2
let b:undo_ftplugin = "setlocal commentstring< comments< iskeyword< expandtab< shiftwidth< softtabstop<"

if has("nvim")
  lua require("duet").start()
endif
