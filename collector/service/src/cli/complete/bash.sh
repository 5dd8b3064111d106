# bash completion for @NAME@: source it, or save it where bash-completion looks
__@ID@_complete() {
    local line rest
    COMPREPLY=()
    while IFS= read -r line; do
        case $line in :*) continue ;; esac
        rest=${line%%$'\t'*}
        # What stands before an equal sign is another word here.
        case ${COMP_WORDS[COMP_CWORD]} in --*=*) ;; *) rest=${rest#--*=} ;; esac
        COMPREPLY+=("$rest")
    done < <("${COMP_WORDS[0]}" __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F __@ID@_complete @NAME@
