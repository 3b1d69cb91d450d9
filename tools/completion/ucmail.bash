# bash completion for ucmail. Made by make.py.
# shellcheck shell=bash disable=SC2207
_ucmail()
{
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} flags=
    COMPREPLY=()
    if [ "$COMP_CWORD" = 1 ]; then
        COMPREPLY=($(compgen -W "send check policy agents compile --help --version" -- "$word"))
        return
    fi
    case $before in
    --via)
        COMPREPLY=($(compgen -W "notification send_mail" -- "$word"))
        return ;;
    -a|--agent)
        COMPREPLY=($(compgen -W "bs2000 database jmx nsk as400 peoplesoft rapid-automation sap unix-x64-linux unix-linux-ppc64le unix-other vms windows zos engine" -- "$word"))
        return ;;
    --profile)
        COMPREPLY=($(compgen -W "compat strict" -- "$word"))
        return ;;
    --dsn)
        COMPREPLY=($(compgen -W "never success failure delay success,failure,delay" -- "$word"))
        return ;;
    -c|--client|-S|--server|--release|--connect-to|--password-fd|--login-user|--deadline|-t|--to|--cc|--bcc|-s|--subject|--header|--window)
        return ;;
    esac
    case ${COMP_WORDS[1]} in
    send)
        flags="-C --config -c --client -S --server --via -a --agent --release --profile --payloads --connect-to --password-fd --password-file --login-user --deadline --json --trace -q --quiet -v --verbose -t --to --cc --bcc -s --subject --body-file -A --attach --report --header --message --batch --window --dsn --require-tls --dry-run -h --help" ;;
    check)
        flags="-C --config -c --client -S --server --via -a --agent --release --profile --payloads --connect-to --password-fd --password-file --login-user --deadline --json --trace -q --quiet -v --verbose -t --to -h --help" ;;
    policy)
        flags="-C --config -c --client -S --server --via -a --agent --release --profile --payloads --connect-to --password-fd --password-file --login-user --json -q --quiet -v --verbose -h --help" ;;
    agents)
        flags="--release --json -q --quiet -v --verbose -h --help" ;;
    compile)
        flags="-C --config --payloads --json -q --quiet -v --verbose -o --output -h --help" ;;
    esac
    case $word in
    -*) COMPREPLY=($(compgen -W "$flags" -- "$word")) ;;
    esac
}
complete -o default -F _ucmail ucmail
