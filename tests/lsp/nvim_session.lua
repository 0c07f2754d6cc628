-- A session in Neovim: `duet lsp` used as a person would, each capability once. Waits on what happens, never on time.
-- Run by nvim_session.sh in a copy of mappings/, its working directory.

local duet = assert(os.getenv('DUET_BIN'), 'DUET_BIN names the program')
local checks = 0

local function check(condition, what)
  if not condition then error(what, 2) end
  checks = checks + 1
end

local function same(found, expected, what)
  check(vim.deep_equal(found, expected), what .. ': expected ' .. vim.inspect(expected) .. ', found ' .. vim.inspect(found))
end

-- At most a minute, and on as soon as it is so.
local function wait_for(condition, what)
  check(vim.wait(60000, condition, 20), 'waited in vain: ' .. what)
end

-- --- the client -------------------------------------------------------------------------------------------

-- The folder for Neovim that we ship starts the server; 0.7 and newer name a client's capabilities each in their own way.
vim.opt.runtimepath:prepend(os.getenv('DUET_ROOT') .. '/grammar/neovim')
vim.g.duet_command = duet
vim.cmd('filetype plugin on')
local client_id, client

local function client_of(buffer)
  for _, one in pairs(vim.lsp.get_clients and vim.lsp.get_clients({ bufnr = buffer }) or vim.lsp.buf_get_clients(buffer)) do
    if one.name == 'duet' then return one end
  end
end

local function open(path)
  vim.cmd('edit ' .. path)
  local buffer = vim.api.nvim_get_current_buf()
  wait_for(function()
    client = client_of(buffer)
    return client and client.initialized and not vim.tbl_isempty(client.server_capabilities or client.resolved_capabilities)
  end, 'attached and initialized')
  check(client_id == nil or client_id == client.id, 'one server for all files')
  client_id = client.id
  return buffer
end

local function lines(buffer) return vim.api.nvim_buf_get_lines(buffer, 0, -1, false) end

-- Puts the cursor on the text behind the pattern's beginning.
local function go_to(pattern, behind)
  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  check(vim.fn.search('\\V' .. pattern, 'cW') > 0, 'no such text: ' .. pattern)
  local at = vim.api.nvim_win_get_cursor(0)
  vim.api.nvim_win_set_cursor(0, { at[1], at[2] + (behind or 0) })
end

local function ask(method, more)
  local params = vim.tbl_extend('force', vim.lsp.util.make_position_params(), more or {})
  local answers, why = vim.lsp.buf_request_sync(0, method, params, 60000)
  check(answers and answers[client_id], method .. ': ' .. tostring(why))
  return answers[client_id].result, answers[client_id].err or answers[client_id].error
end

local function findings(buffer) return vim.diagnostic.get(buffer) end

-- --- findings as one types --------------------------------------------------------------------------------

local mapping = open('sentinel-smartsoar.duet')
local text = lines(mapping)
go_to('Closed <-> Closed')
vim.cmd('normal! cwClosd')
wait_for(function() return #findings(mapping) > 0 end, 'a finding')
local found = findings(mapping)[1]
same(found.message:match('^[^\n]*'), "'status' has no value 'Closd'", 'the message')
same(found.severity, vim.diagnostic.severity.ERROR, 'the severity')
same({ found.lnum, found.col, found.end_col }, { 24, 4, 9 }, 'the place')
same(found.user_data.lsp.code, 'D030', 'the code')
check(#found.user_data.lsp.relatedInformation == 1, 'where the values stand')
check(not vim.deep_equal(vim.fn.readfile('sentinel-smartsoar.duet'), lines(mapping)), 'the file on disk is as it was')

-- --- fixes ------------------------------------------------------------------------------------------------

go_to('Closd', 1)
local here = vim.lsp.util.make_range_params()
here.context = { diagnostics = {} }
local actions = ask('textDocument/codeAction', here)
check(#actions > 0, 'an action')
same(actions[1].title, "write 'Closed' instead of 'Closd'", 'the title')
vim.lsp.util.apply_workspace_edit(actions[1].edit, client.offset_encoding)
same(lines(mapping), text, 'the text after the fix')
wait_for(function() return #findings(mapping) == 0 end, 'no finding')

-- --- hover, definition, references ------------------------------------------------------------------------

go_to('siem.status   <->', 6)
local hover = ask('textDocument/hover').contents.value
check(hover:find('enum (New, Active, Closed)', 1, true), 'the type: ' .. hover)
check(hover:find('siem.status <-> soar.status', 1, true), 'the other side: ' .. hover)
check(hover:find('| Active | <- | "On Hold" |', 1, true), 'the arms: ' .. hover)
go_to('conflict highest', 1)
check(ask('textDocument/hover').contents.value:find('who wins', 1, true), 'a keyword')

go_to('siem.status   <->', 6)
local places = ask('textDocument/references', { context = { includeDeclaration = true } })
check(#places > 90, 'references in the whole workspace: ' .. #places)
vim.lsp.buf.definition()
wait_for(function() return vim.api.nvim_buf_get_name(0):match('systems/sentinel.duet$') ~= nil end, 'at the definition')
same(vim.fn.expand('<cword>'), 'status', 'the word there')
vim.cmd('buffer ' .. mapping)
check(#ask('textDocument/documentHighlight') > 10, 'highlights')

-- --- completion -------------------------------------------------------------------------------------------

local function proposed(typed)
  go_to('  on siem change')
  vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes('O' .. typed .. '<Esc>', true, false, true), 'xt', false)
  local cursor = vim.api.nvim_win_get_cursor(0)
  vim.api.nvim_win_set_cursor(0, { cursor[1], cursor[2] + 1 })
  local params = vim.lsp.util.make_position_params()
  params.position.character = #vim.api.nvim_get_current_line()
  local answer = ask('textDocument/completion', params)
  vim.cmd('undo')
  local labels = {}
  for _, item in ipairs(answer.items) do labels[#labels + 1] = item.label end
  return labels
end

check(vim.tbl_contains(proposed('  field x siem.'), 'classification'), 'fields of a side')
same(proposed('  on soar change send owner when soar.status == '), { 'Open', '"In Progress"', '"On Hold"', 'Closed', 'none' },
  'values of a field')
same(proposed('  on soar '), { 'close', 'reopen', 'move', 'change', 'signal' }, 'keywords at that place')
same(proposed('  field x siem.title -> soar.title | '), { 'truncate', 'trim', 'lower', 'upper', 'prefix' }, 'transforms')
same(lines(mapping), text, 'the text is as before')

-- --- rename -----------------------------------------------------------------------------------------------

go_to('group verdict', 7)
same(ask('textDocument/prepareRename').placeholder, 'verdict', 'what is renamed')
vim.lsp.buf.rename('decision')
wait_for(function() return table.concat(lines(mapping), '\n'):find('group decision', 1, true) ~= nil end, 'renamed')
check(table.concat(lines(mapping), '\n'):find('clear decision', 1, true), 'where it is used, too')
local stories = vim.fn.bufnr('sentinel-smartsoar-stories.duet')
check(table.concat(lines(stories), '\n'):find('decision', 1, true), 'in other files, too')
go_to('group decision', 7)
vim.lsp.buf.rename('verdict')
wait_for(function() return vim.deep_equal(lines(mapping), text) end, 'named as before')
go_to('siem.key', 6)
local _, refused = ask('textDocument/rename', { newName = 'id' })
same(refused.message, "'key' can't be renamed: this name has a meaning of its own", 'a refusal')

-- --- symbols, folding, tokens -----------------------------------------------------------------------------

local symbols = ask('textDocument/documentSymbol')
same(symbols[1].name, 'sentinel_smartsoar', 'the mapping')
check(#symbols[1].children > 5, 'its rules')
check(#ask('workspace/symbol', { query = 'verdict' }) > 0, 'symbols of the workspace')
check(#ask('textDocument/foldingRange') > 20, 'folds')
check(#ask('textDocument/semanticTokens/full').data % 5 == 0, 'tokens')

-- --- formatting -------------------------------------------------------------------------------------------

go_to('  on siem change')
vim.cmd('normal! 0i      ')
check(not vim.deep_equal(lines(mapping), text), 'moved')
if vim.lsp.buf.format then vim.lsp.buf.format({ timeout_ms = 60000 }) else vim.lsp.buf.formatting_sync(nil, 60000) end
same(lines(mapping), text, 'laid out')

-- --- an import that is open and not saved -----------------------------------------------------------------

vim.cmd('silent! wall')
local system = open('systems/smartsoar.duet')
go_to('On Hold', 0)
vim.cmd('normal! 2cwPaused')
wait_for(function() return #findings(mapping) > 0 end, 'a finding in the file that imports it')
vim.cmd('undo')
wait_for(function() return #findings(mapping) == 0 and #findings(system) == 0 end, 'none again')

-- --- the proof, when the file is saved --------------------------------------------------------------------

vim.cmd('buffer ' .. mapping)
go_to('  on soar move            send status;')
vim.cmd('normal! dd')
vim.cmd('write')
wait_for(function()
  for _, finding in ipairs(findings(mapping)) do
    if finding.user_data.lsp.code == 'D305' then return true end
  end
  return false
end, 'the finding of the proof')
vim.cmd('undo')
vim.cmd('write')
wait_for(function() return #findings(mapping) == 0 end, 'none after it was mended')

-- --- the end ----------------------------------------------------------------------------------------------

vim.lsp.stop_client(client_id)
wait_for(function() return client.is_stopped(client) end, 'the end of the server')
io.stdout:write(checks .. ' checks\n')
