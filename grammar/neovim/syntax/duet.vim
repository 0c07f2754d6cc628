" Vim syntax file. Keywords are soft: what names something is no keyword, so that they are matches and what comes later wins.
if exists("b:current_syntax")
  finish
endif

syn match duetName /\v<\h\w*>/
syn match duetDeclaration /\v<%(edition|import|system|record|settings|http|mapping|between|group|notes|form|test)>/
syn match duetDeclaration /\v<%(table|hub|tenant|fleet|field|webhook|override)>/
syn match duetType /\v<%(text|html|url|secret|boolean|duration|integer|number|time|enum|list|person)>/
syn match duetType /\v<%(ordered|milliseconds|seconds)>/
syn match duetMethod /\v<%(GET|POST|PUT|PATCH|DELETE)>/
syn match duetOperatorWord /\v<%(and|or|not|in|contains|starts|with|present|changed|was)>/
syn match duetControl /\v<%(when|otherwise|then|else|on|expect|given|forall|until|match|lookup)>/
syn match duetKeyword /\v<%(add|all|append|as|at|auth|base|basic|batch|bearer|body|by|carries|change|claims)>/
syn match duetKeyword /\v<%(clear|close|conflict|contact|create|cursor|default|denied|edits|empty|env)>/
syn match duetKeyword /\v<%(envelope|every|failed|fetch|file|find|first|from|gone|header|hold|ignore|items)>/
syn match duetKeyword /\v<%(jwt|keeps|like|link|lossy|max|move|moves|newest|next|no|note|nothing|oauth2|of)>/
syn match duetKeyword /\v<%(offset|ok|omitted|only|order|overlap|page|pending|per|query|quota|read|reading)>/
syn match duetKeyword /\v<%(refused|reopen|required|result|returns|runs|send|shared|side|signal|size|skew)>/
syn match duetKeyword /\v<%(stale|throttled|transient|under|unknown|verify|via|whole|write|writes)>/
syn match duetConstant /\v<%(true|false|none|null|absent)>/
syn match duetNumber /\v\w@<!-?\d+%(\.\d+)?>/
syn match duetDuration /\v<\d+%(ms|s|min|h|d)>/
syn match duetSign /\v[=!<>]\=|[<>=|]/
syn match duetArrow /<->\|->\|<-\d\@!/
syn match duetPunctuation /[;,:.{}()[\]]/

" What names something: a declaration's name, a key, a path's step, a value beside an arrow, a side.
syn match duetDeclared /\v%(<%(system|record|mapping|group|hub|tenant|field)\s+|<test\s+table\s+)@<=\h\w*/
syn match duetProperty /\v<\h\w*>%(\s*%(:|\=\=@!))@=/
syn match duetMember /\v<\h\w*>%(\s*%(\.|\[\]))@=/
syn match duetMember /\v\.@<=\h\w*/
syn match duetValue /\v\.@<!<\h\w*>%(\s*%(\<-\>|-\>|\<-))@=/
syn match duetValue /\v%(-\>|\<-)@<=\s*\h\w*>%(\s*\.)@!/
syn match duetSide /\v%(<on\s+)@<=\h\w*%(\s+%(close|reopen|move|change|signal)>)@=/
syn match duetSide /\v%(<as\s+)@<=%(text>)@!\h\w*/

syn match duetComment /#.*$/ contains=@Spell,duetTodo
syn keyword duetTodo TODO FIXME XXX contained
syn region duetText start=/"/ skip=/\\./ end=/"/ oneline contains=duetEscape,duetPlaceholder
syn match duetEscape /\v\\%(["\\\/ntrbf]|u\x{4})|\{\{|\}\}/ contained
syn match duetPlaceholder /\v\{\h\w*%(\.\h\w*)*\}/ contained

hi def link duetDeclaration Structure
hi def link duetType Type
hi def link duetMethod Function
hi def link duetOperatorWord Operator
hi def link duetControl Conditional
hi def link duetKeyword Keyword
hi def link duetConstant Constant
hi def link duetNumber Number
hi def link duetDuration Number
hi def link duetSign Operator
hi def link duetArrow Operator
hi def link duetPunctuation Delimiter
hi def link duetDeclared Typedef
hi def link duetProperty Identifier
hi def link duetMember Identifier
hi def link duetValue Constant
hi def link duetSide Special
hi def link duetName Normal
hi def link duetComment Comment
hi def link duetTodo Todo
hi def link duetText String
hi def link duetEscape SpecialChar
hi def link duetPlaceholder Special

let b:current_syntax = "duet"
