# fish completion for duet(1): the words come from duet itself, so that they are those of the installed one.

function __duet_words
    set -l words (commandline -opc)
    if test (count $words) -lt 2; or test (count $words) -eq 2 -a "$words[-1]" = help
        duet help --format words 2>/dev/null
        return
    end
    for line in (duet help --format words $words[2] 2>/dev/null)
        set -l parts (string split \t -- $line)
        if test "$parts[1]" = "$words[-1]" -a -n "$parts[3]"
            string split '|' -- $parts[3]
            return
        end
    end
    if string match -q -- '-*' (commandline -ct)
        duet help --format words $words[2] 2>/dev/null | string replace -r '\t([^\t]*)\t.*' '\t$1'
    else
        __fish_complete_path (commandline -ct)
    end
end

complete -c duet -f -a '(__duet_words)'
