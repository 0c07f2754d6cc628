# bash completion for duet(1): the words come from duet itself, so that they are those of the installed one.

_duet_values() {
    duet help --format words "$1" 2>/dev/null | while IFS=$'\t' read -r option _ values; do
        [ "$option" = "$2" ] && echo "${values//|/ }"
    done
}

_duet() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} words
    if [ "$COMP_CWORD" -eq 1 ] || { [ "$COMP_CWORD" -eq 2 ] && [ "$before" = help ]; }; then
        words=$(duet help --format words 2>/dev/null | cut -f 1)
    else
        words=$(_duet_values "${COMP_WORDS[1]}" "$before")
        if [ -z "$words" ] && [ "${word:0:1}" = - ]; then
            words=$(duet help --format words "${COMP_WORDS[1]}" 2>/dev/null | cut -f 1)
        fi
    fi
    if [ -n "$words" ]; then
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
    else
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
    fi
}

complete -o filenames -F _duet duet
