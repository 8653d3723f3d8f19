/** `activate.nu`, an overlay of nushell: `overlay use bin/activate.nu`, and `deactivate` to hide it again. */
import type { ActivationFacts } from './activation-scripts.ts';

export function activateNu({ root, scriptsFolder, prompt = '', relocatable }: ActivationFacts): string {
  const place = relocatable ? '(path self | path dirname | path dirname)' : quoteNu(root);
  return String.raw`# Use this file as an overlay:  overlay use ${scriptsFolder}/activate.nu

# Leave the virtual environment.
export alias deactivate = overlay hide activate

const VIRTUAL_ROOT = ${place}
const VIRTUAL_PROMPT = ${quoteNu(prompt)}

export-env {
    # The search path has another name on Windows, where it may even be called both.
    let path_name = if 'Path' in $env { 'Path' } else { 'PATH' }
    let folders = $env | get $path_name | if ($in | describe) == 'string' { split row (char esep) } else { $in }
    let programs = [$VIRTUAL_ROOT ${quoteNu(scriptsFolder)}] | path join
    let name = if ($VIRTUAL_PROMPT | is-empty) { $VIRTUAL_ROOT | path basename } else { $VIRTUAL_PROMPT }
    let wanted = {
        VIRTUAL_ENV: $VIRTUAL_ROOT
        VIRTUAL_ENV_PROMPT: $name
    } | insert $path_name ($folders | prepend $programs)
    load-env $wanted
    hide-env --ignore-errors PYTHONHOME

    let hides_prompt = $env.VIRTUAL_ENV_DISABLE_PROMPT? | default '' | into string | is-not-empty
    if not $hides_prompt {
        let before = $env.PROMPT_COMMAND? | default ''
        load-env {
            PROMPT_COMMAND: {||
                let rest = if ($before | describe) == 'closure' { do $before } else { $before }
                $'(char lparen)($name)(char rparen) ($rest)'
            }
        }
    }
}
`;
}

/** A raw string, with more number signs around it than any quote inside is followed by. */
function quoteNu(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/'(#*)/g)].map(([, signs = '']) => signs.length + 1));
  const signs = '#'.repeat(longest + 1);
  return text.includes("'") ? `r${signs}'${text}'${signs}` : `'${text}'`;
}
