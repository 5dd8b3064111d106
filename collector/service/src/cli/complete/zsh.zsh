#compdef @NAME@
# zsh completion for @NAME@
__@ID@_complete() {
    local line
    local -a found
    while IFS= read -r line; do
        [[ $line == :* ]] && continue
        found+=("${${line//:/\\:}/$'\t'/:}")
    done < <("${words[1]}" __complete "${(@)words[2,CURRENT]}" 2>/dev/null)
    if (( $#found )); then _describe '@NAME@' found; else _files; fi
}
compdef __@ID@_complete @NAME@
