" The Vim syntax in Vim and Neovim without a screen: what a sample's words are, every keyword, and that the project's files are told apart.
" vim -es -S syntax.vim; in the repository's root. What is wrong goes to $DUET_REPORT.
set nocompatible encoding=utf-8
execute 'set runtimepath=' . fnameescape(getcwd() . '/grammar/neovim') . ',$VIMRUNTIME'
let g:duet_command = v:false
filetype plugin on
syntax on
let s:wrong = []

function s:GroupAt(line, column)
  return synIDattr(synID(a:line, a:column, 1), 'name')
endfunction

" Each word, in order, is of its group.
let s:sample = [
  \ ['edition 2026;', ['edition', 'duetDeclaration'], ['2026', 'duetNumber'], [';', 'duetPunctuation']],
  \ ['system desk "Desk # no comment" {', ['system', 'duetDeclaration'], ['desk', 'duetDeclared'], ['# no', 'duetText']],
  \ ['  text : text at body max 30000;   # text', ['text', 'duetProperty'], ['text', 'duetType'], ['at', 'duetKeyword'],
  \   ['30000', 'duetNumber'], ['# text', 'duetComment']],
  \ ['  count : integer as text at n;', ['count', 'duetProperty'], ['integer', 'duetType'], ['text', 'duetType']],
  \ ['mapping m between desk.ticket as l and b.thing as r {', ['m', 'duetDeclaration'], ['m ', 'duetDeclared'],
  \   ['desk', 'duetMember'], ['ticket', 'duetMember'], ['l ', 'duetSide'], ['and', 'duetOperatorWord']],
  \ ['  field status l.status <-> r.status conflict newest else r {', ['status', 'duetDeclared'], ['status', 'duetMember'],
  \   ['<->', 'duetArrow'], ['r', 'duetMember'], ['status', 'duetMember'], ['conflict', 'duetKeyword']],
  \ ['    New <-> Open; High <- Critical; x -> "a \"b\"";', ['New', 'duetValue'], ['<->', 'duetArrow'], ['Open', 'duetValue'],
  \   ['High', 'duetValue'], ['<-', 'duetArrow'], ['Critical', 'duetValue'], ['\"', 'duetEscape']],
  \ ['  on r change send owner when r.status != Open;', ['on', 'duetControl'], ['r', 'duetSide'], ['change', 'duetKeyword'],
  \   ['owner', 'duetName'], ['when', 'duetControl'], ['!=', 'duetSign'], ['Open', 'duetName']],
  \ ['  quota write ticket 75 per 5min by token;', ['quota', 'duetKeyword'], ['75', 'duetNumber'], ['5min', 'duetDuration']],
  \ ['  read ticket GET "/tickets/{key}?x={{y";', ['GET', 'duetMethod'], ['{key}', 'duetPlaceholder'], ['{{', 'duetEscape']],
  \ ['  query { since: since, x: -1.5 }', ['since', 'duetProperty'], ['since', 'duetName'], ['-1.5', 'duetNumber']],
  \ ['  given l { status = Active; owner = none; }', ['given', 'duetControl'], ['status', 'duetProperty'],
  \   ['=', 'duetSign'], ['Active', 'duetName'], ['none', 'duetConstant']],
  \ ]

function s:CheckSample()
  enew!
  setfiletype duet
  call setline(1, map(copy(s:sample), 'v:val[0]'))
  for number in range(len(s:sample))
    let from = 0
    for [word, group] in s:sample[number][1:]
      let at = stridx(s:sample[number][0], word, from)
      let found = s:GroupAt(number + 1, at + 1)
      if found !=# group
        call add(s:wrong, s:sample[number][0] . ': ' . word . ' is ' . found . ', expected ' . group)
      endif
      let from = at + len(word)
    endfor
  endfor
endfunction

function s:CheckKeywords()
  let words = []
  for line in readfile('grammar/duet.l')
    let found = matchlist(line, '^"\(\w\+\)" \+{ return duet_scan_word')
    call extend(words, empty(found) ? [] : [found[1]])
  endfor
  enew!
  setfiletype duet
  call setline(1, map(copy(words), '" " . v:val . " ;"'))
  for number in range(len(words))
    let group = s:GroupAt(number + 1, 2)
    if group !~# '^duet\(Declaration\|Type\|Method\|OperatorWord\|Control\|Keyword\)$'
      call add(s:wrong, words[number] . ' is ' . group . ', no keyword')
    endif
  endfor
  if len(words) < 100
    call add(s:wrong, 'grammar/duet.l: only ' . len(words) . ' words were found')
  endif
endfunction

" Every letter has a group, and comments and texts are whole.
function s:CheckFile(file)
  execute 'edit! ' . fnameescape(a:file)
  if &filetype !=# 'duet' || &commentstring !=# '# %s'
    call add(s:wrong, a:file . ': not taken for duet')
  endif
  for number in range(1, line('$'))
    let text = getline(number)
    let code = substitute(text, '"\%([^"\\]\|\\.\)*"', '\=repeat("\x01", len(submatch(0)))', 'g')
    let comment = stridx(code, '#')
    for column in range(len(text))
      let group = s:GroupAt(number, column + 1)
      let expected = comment >= 0 && column >= comment ? '^duet\(Comment\|Todo\)$'
        \ : code[column] ==# "\x01" ? '^duet\(Text\|Escape\|Placeholder\)$' : '^duet\(Comment\|Text\)\@!\w'
      if text[column] !~# '\s' && group !~# expected
        call add(s:wrong, a:file . ':' . number . ':' . (column + 1) . ': "' . text[column] . '" is ' . group)
        break
      endif
    endfor
  endfor
endfunction

call s:CheckSample()
call s:CheckKeywords()
for s:file in glob('mappings/**/*.duet', 0, 1) + glob('tests/form/*.duet', 0, 1)
  call s:CheckFile(s:file)
endfor
call writefile(s:wrong, $DUET_REPORT)
if empty(s:wrong)
  qall!
endif
cquit!
