# bash completion for duet(1)

_duet_options() {
    case $1 in
    check) echo "--format --strict" ;;
    compile) echo "-o" ;;
    map) echo "--to --table" ;;
    plan) echo "--left --right --base --event --format" ;;
    run) echo "--once --dry-run" ;;
    held | conflicts | status | why) echo "--format" ;;
    esac
}

_duet() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local commands="check test compile dump map plan run status held conflicts why sim help"
    if [ "$COMP_CWORD" -eq 1 ] || { [ "$COMP_CWORD" -eq 2 ] && [ "$before" = help ]; }; then
        mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$word")
        return
    fi
    case $before in
    --format) mapfile -t COMPREPLY < <(compgen -W "text json" -- "$word") ;;
    --event) mapfile -t COMPREPLY < <(compgen -W "close reopen move change signal" -- "$word") ;;
    *)
        case $word in
        -*) mapfile -t COMPREPLY < <(compgen -W "$(_duet_options "${COMP_WORDS[1]}")" -- "$word") ;;
        *) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
        esac
        ;;
    esac
}

complete -o filenames -F _duet duet
