/** `activate.ps1`, for PowerShell on every system. It always finds the root from its own place. */
import type { ActivationFacts } from './activation-scripts.ts';

export function activatePs1({ prompt = '', scriptsFolder }: ActivationFacts): string {
  return String.raw`# Run this file in the shell's own scope:  . ${scriptsFolder}/activate.ps1

function global:deactivate([switch] $NonDestructive) {
    if (Test-Path variable:_OLD_VIRTUAL_PATH) {
        $env:PATH = $variable:_OLD_VIRTUAL_PATH
        Remove-Variable _OLD_VIRTUAL_PATH -Scope Global
    }
    if (Test-Path variable:_OLD_VIRTUAL_PYTHONHOME) {
        $env:PYTHONHOME = $variable:_OLD_VIRTUAL_PYTHONHOME
        Remove-Variable _OLD_VIRTUAL_PYTHONHOME -Scope Global
    }
    if (Test-Path function:_old_virtual_prompt) {
        $function:prompt = $function:_old_virtual_prompt
        Remove-Item function:_old_virtual_prompt
    }
    Remove-Item env:VIRTUAL_ENV -ErrorAction SilentlyContinue
    Remove-Item env:VIRTUAL_ENV_PROMPT -ErrorAction SilentlyContinue
    if (!$NonDestructive) {
        Remove-Item function:deactivate
    }
}

# Ends whatever environment was active.
deactivate -NonDestructive

$env:VIRTUAL_ENV = Split-Path -Parent (Split-Path -Parent $MyInvocation.MyCommand.Path)

$env:VIRTUAL_ENV_PROMPT = ${quotePs1(prompt)}
if (!$env:VIRTUAL_ENV_PROMPT) {
    $env:VIRTUAL_ENV_PROMPT = Split-Path -Leaf $env:VIRTUAL_ENV
}

New-Variable -Scope Global -Name _OLD_VIRTUAL_PATH -Value $env:PATH
$env:PATH = (Join-Path $env:VIRTUAL_ENV ${quotePs1(scriptsFolder)}) + [IO.Path]::PathSeparator + $env:PATH

if (Test-Path env:PYTHONHOME) {
    New-Variable -Scope Global -Name _OLD_VIRTUAL_PYTHONHOME -Value $env:PYTHONHOME
    Remove-Item env:PYTHONHOME
}

if (!$env:VIRTUAL_ENV_DISABLE_PROMPT) {
    $function:global:_old_virtual_prompt = $function:prompt
    function global:prompt {
        $before = & $function:_old_virtual_prompt
        "($env:VIRTUAL_ENV_PROMPT) $before"
    }
}
`;
}

/** PowerShell takes the quotes of typography for quotes, too. */
function quotePs1(text: string): string {
  return `'${text.replaceAll(/['\u2018\u2019\u201a\u201b]/g, '$&$&')}'`;
}
