-- Drives Neovim: prints what the server told about the file, applies a fix, and prints the file.
local function wait(what, holds)
  if not vim.wait(20000, holds, 20) then
    io.stderr:write("waited in vain: " .. what .. "\n")
    vim.cmd("cquit")
  end
end

local function show(...)
  io.stdout:write(table.concat({ ... }, " "), "\n")
end

local function ask(method, line, column)
  vim.api.nvim_win_set_cursor(0, { line, column })
  local answers = vim.lsp.buf_request_sync(0, method, vim.lsp.util.make_position_params(), 20000)
  for _, answer in pairs(answers) do
    return answer.result
  end
end

wait("problems", function() return #vim.diagnostic.get(0) > 0 end)
for _, problem in ipairs(vim.diagnostic.get(0)) do
  show("problem:", problem.lnum .. ":" .. problem.col, problem.code, problem.message)
end

local words = {}
for _, item in ipairs(ask("textDocument/completion", 4, 18)) do
  table.insert(words, item.label)
end
show("completion:", table.concat(words, " "))

show("hover:", ask("textDocument/hover", 4, 11).contents.value:match("[^\n]*"))

vim.api.nvim_win_set_cursor(0, { 4, 19 })
vim.lsp.buf.code_action({
  apply = true,
  filter = function(action) return vim.startswith(action.title, "Change to") end,
})
wait("a fix", function() return vim.api.nvim_buf_get_lines(0, 3, 4, false)[1]:find('"nat"') end)
show(table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n"))
wait("no problem", function() return #vim.diagnostic.get(0) == 0 end)

vim.cmd("NixvirtXml")
show(vim.trim(table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n")))
vim.cmd("quitall!")
