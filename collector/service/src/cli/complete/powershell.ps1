# PowerShell completion for @NAME@
Register-ArgumentCompleter -Native -CommandName '@NAME@' -ScriptBlock {
    param($word, $line, $cursor)
    $words = @($line.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursor } | ForEach-Object { "$_" })
    $rest = @($words | Select-Object -Skip 1) + @("$word")
    & $words[0] __complete $rest 2>$null | Where-Object { -not $_.StartsWith(':') } | ForEach-Object {
        $name, $about = $_ -split "`t", 2
        if (-not $about) { $about = $name }
        [System.Management.Automation.CompletionResult]::new($name, $name, 'ParameterValue', $about)
    }
}
