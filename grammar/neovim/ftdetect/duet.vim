autocmd BufRead,BufNewFile *.duet setfiletype duet
