-- A duet file opened in Neovim has the findings of `duet lsp`, with the folder that we ship and nothing else. nvim -l or -S; in the root.
vim.opt.runtimepath:prepend(vim.fn.getcwd() .. "/grammar/neovim")
vim.g.duet_command = vim.env.DUET_BIN
vim.cmd("filetype plugin on")

local file = vim.env.DUET_SCRATCH .. "/wrong.duet"
vim.fn.writefile({ "edition 2026;", "systm a { }" }, file)
vim.cmd("edit " .. vim.fn.fnameescape(file))
local told = vim.wait(20000, function()
  return #vim.diagnostic.get(0) > 0
end, 20)
local found = told and vim.diagnostic.get(0)[1].message or "no finding"
local fine = told and vim.diagnostic.get(0)[1].lnum == 1
vim.fn.writefile(fine and {} or { found }, vim.env.DUET_REPORT)
vim.cmd(fine and "qall!" or "cquit!")
