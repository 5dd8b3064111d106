# fish completion for @NAME@
function __@ID@_complete
    set -l words (commandline -opc) (commandline -ct)
    $words[1] __complete $words[2..-1] 2>/dev/null | string match -v ':*'
end
complete -c @NAME@ -a '(__@ID@_complete)'
