# bash completion for policy-lint. Made by make.py.
# shellcheck shell=bash disable=SC2207
_policy_lint()
{
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    COMPREPLY=()
    case $before in
    -f|--format)
        COMPREPLY=($(compgen -W "text json sarif junit github gitlab html csv prometheus" -- "$word"))
        return ;;
    --color)
        COMPREPLY=($(compgen -W "auto always never" -- "$word"))
        return ;;
    --progress)
        COMPREPLY=($(compgen -W "auto always never" -- "$word"))
        return ;;
    --agents)
        COMPREPLY=($(compgen -W "bs2000 database jmx nsk as400 peoplesoft rapid-automation sap unix-x64-linux unix-linux-ppc64le unix-other vms windows zos engine" -- "$word"))
        return ;;
    --profile)
        COMPREPLY=($(compgen -W "compat strict" -- "$word"))
        return ;;
    --select)
        COMPREPLY=($(compgen -W "UCM001 UCM002 UCM003 UCM004 UCM005 UCM006 UCM007 UCM101 UCM102 UCM103 UCM104 UCM105 UCM106 UCM107 UCM108 UCM109 UCM110 UCM111 UCM112 UCM113 UCM114 UCM115 UCM116 UCM117 UCM118 UCM119 UCM120 UCM121 UCM122 UCM123 UCM201 UCM202 UCM203 UCM204 UCM205 UCM206 UCM207 UCM208 UCM209 UCM210 UCM211 UCM212 UCM213 UCM214 UCM215 UCM216 UCM217 UCM301 UCM302 UCM303 UCM304 UCM305 UCM306 UCM307 UCM308 UCM309 UCM310 UCM401 UCM402 UCM403 UCM501 UCM502" -- "$word"))
        return ;;
    --ignore)
        COMPREPLY=($(compgen -W "UCM001 UCM002 UCM003 UCM004 UCM005 UCM006 UCM007 UCM101 UCM102 UCM103 UCM104 UCM105 UCM106 UCM107 UCM108 UCM109 UCM110 UCM111 UCM112 UCM113 UCM114 UCM115 UCM116 UCM117 UCM118 UCM119 UCM120 UCM121 UCM122 UCM123 UCM201 UCM202 UCM203 UCM204 UCM205 UCM206 UCM207 UCM208 UCM209 UCM210 UCM211 UCM212 UCM213 UCM214 UCM215 UCM216 UCM217 UCM301 UCM302 UCM303 UCM304 UCM305 UCM306 UCM307 UCM308 UCM309 UCM310 UCM401 UCM402 UCM403 UCM501 UCM502" -- "$word"))
        return ;;
    --fail-on)
        COMPREPLY=($(compgen -W "error warning info never" -- "$word"))
        return ;;
    --explain)
        COMPREPLY=($(compgen -W "UCM001 UCM002 UCM003 UCM004 UCM005 UCM006 UCM007 UCM101 UCM102 UCM103 UCM104 UCM105 UCM106 UCM107 UCM108 UCM109 UCM110 UCM111 UCM112 UCM113 UCM114 UCM115 UCM116 UCM117 UCM118 UCM119 UCM120 UCM121 UCM122 UCM123 UCM201 UCM202 UCM203 UCM204 UCM205 UCM206 UCM207 UCM208 UCM209 UCM210 UCM211 UCM212 UCM213 UCM214 UCM215 UCM216 UCM217 UCM301 UCM302 UCM303 UCM304 UCM305 UCM306 UCM307 UCM308 UCM309 UCM310 UCM401 UCM402 UCM403 UCM501 UCM502" -- "$word"))
        return ;;
    --client|--only|--stdin-filename|--release|--at|--expires-within|-j|--workers|--severity|--without-cert|--replace-cert|--timeline|--connect-to|--map)
        return ;;
    esac
    case $word in
    -*) COMPREPLY=($(compgen -W "-f --format -o --output --matrix --show-suppressed --color --progress -q --quiet -v --verbose --client --only --payloads --stdin-filename --agents --release --profile --at --expires-within -j --workers --allow-empty --select --ignore --severity --fail-on --config --init --no-suppressions --baseline --write-baseline --without-cert --replace-cert --timeline --probe --connect-to --since --compare --map --merge --evidence --verify --explain --list-rules" -- "$word")) ;;
    esac
}
complete -o default -F _policy_lint policy-lint
