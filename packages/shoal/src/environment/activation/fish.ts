/** `activate.fish`. */
import type { ActivationFacts } from './activation-scripts.ts';

export function activateFish({ root, scriptsFolder, prompt = '', relocatable }: ActivationFacts): string {
  const place = relocatable ? '(path dirname (path dirname (path resolve (status filename))))' : quoteFish(root);
  return String.raw`# Read this file into a shell, do not run it:  source ${scriptsFolder}/activate.fish

function deactivate -d 'Leave the virtual environment'
    if set -q _OLD_VIRTUAL_PATH
        set -gx PATH $_OLD_VIRTUAL_PATH
        set -e _OLD_VIRTUAL_PATH
    end
    if set -q _OLD_VIRTUAL_PYTHONHOME
        set -gx PYTHONHOME $_OLD_VIRTUAL_PYTHONHOME
        set -e _OLD_VIRTUAL_PYTHONHOME
    end
    if functions -q _old_fish_prompt
        functions -e fish_prompt
        functions -c _old_fish_prompt fish_prompt
        functions -e _old_fish_prompt
    end
    set -e _OLD_FISH_PROMPT_OVERRIDE
    set -e VIRTUAL_ENV
    set -e VIRTUAL_ENV_PROMPT
    if test "$argv[1]" != nondestructive
        functions -e deactivate
    end
end

# Ends whatever environment was active.
deactivate nondestructive

set -gx VIRTUAL_ENV ${place}

set -g _OLD_VIRTUAL_PATH $PATH
set -gx PATH "$VIRTUAL_ENV/${scriptsFolder}" $PATH

set -gx VIRTUAL_ENV_PROMPT ${quoteFish(prompt)}
if test -z "$VIRTUAL_ENV_PROMPT"
    set -gx VIRTUAL_ENV_PROMPT (string replace -r '.*/' '' -- "$VIRTUAL_ENV")
end

if set -q PYTHONHOME
    set -g _OLD_VIRTUAL_PYTHONHOME $PYTHONHOME
    set -e PYTHONHOME
end

if test -z "$VIRTUAL_ENV_DISABLE_PROMPT"
    # A prompt is a function. The status of the last command must come through to the one that was there before.
    functions -q fish_prompt
    and functions -c fish_prompt _old_fish_prompt
    function fish_prompt
        set -l last_status $status
        printf '(%s) ' "$VIRTUAL_ENV_PROMPT"
        functions -q _old_fish_prompt
        or return
        begin
            function _virtual_status
                return $argv[1]
            end
            _virtual_status $last_status
        end
        _old_fish_prompt
    end
    set -g _OLD_FISH_PROMPT_OVERRIDE $VIRTUAL_ENV
end
`;
}

/** Between single quotes only the quote and the backslash are special. */
function quoteFish(text: string): string {
  return `'${text.replaceAll('\\', String.raw`\\`).replaceAll("'", String.raw`\'`)}'`;
}
