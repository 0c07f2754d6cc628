-- Starts `duet lsp` for a buffer; one server serves all duet files below a root. Neovim 0.7 has no vim.lsp.start.
local M = {}

local function root_of(file)
  local folder = vim.fn.fnamemodify(file, ":p:h")
  local found = vim.fn.finddir(".git", folder .. ";")
  return found ~= "" and vim.fn.fnamemodify(found, ":p:h:h") or folder
end

local clients = {} -- by root, for Neovim 0.7

function M.start()
  local command = vim.g.duet_command == nil and "duet" or vim.g.duet_command
  if not command or vim.fn.executable(command) == 0 then
    return
  end
  local buffer = vim.api.nvim_get_current_buf()
  local root = root_of(vim.api.nvim_buf_get_name(buffer))
  local config = { name = "duet", cmd = { command, "lsp" }, root_dir = root }
  if vim.lsp.start then
    vim.lsp.start(config)
    return
  end
  config.on_exit = function()
    clients[root] = nil
  end
  clients[root] = clients[root] or vim.lsp.start_client(config)
  if clients[root] then
    vim.lsp.buf_attach_client(buffer, clients[root])
  end
end

return M
