/** `activate.csh`, for csh and tcsh. */
import type { ActivationFacts } from './activation-scripts.ts';

export function activateCsh({ root, scriptsFolder, prompt = '' }: ActivationFacts): string {
  return String.raw`# Read this file into a shell, do not run it:  source ${scriptsFolder}/activate.csh

alias deactivate 'test $?_OLD_VIRTUAL_PATH != 0 && setenv PATH "$_OLD_VIRTUAL_PATH:q" && unset _OLD_VIRTUAL_PATH; rehash; test $?_OLD_VIRTUAL_PYTHONHOME != 0 && setenv PYTHONHOME "$_OLD_VIRTUAL_PYTHONHOME:q" && unset _OLD_VIRTUAL_PYTHONHOME; test $?_OLD_VIRTUAL_PROMPT != 0 && set prompt="$_OLD_VIRTUAL_PROMPT:q" && unset _OLD_VIRTUAL_PROMPT; unsetenv VIRTUAL_ENV; unsetenv VIRTUAL_ENV_PROMPT; test "\!:*" != "nondestructive" && unalias deactivate'

# Ends whatever environment was active.
deactivate nondestructive

setenv VIRTUAL_ENV ${quoteCsh(root)}

set _OLD_VIRTUAL_PATH = "$PATH:q"
setenv PATH "$VIRTUAL_ENV:q/${scriptsFolder}:$PATH:q"

set _virtual_prompt = ${quoteCsh(prompt)}
if ( "$_virtual_prompt:q" == "" ) then
    setenv VIRTUAL_ENV_PROMPT "$VIRTUAL_ENV:t:q"
else
    setenv VIRTUAL_ENV_PROMPT "$_virtual_prompt:q"
endif
unset _virtual_prompt

if ( $?PYTHONHOME ) then
    set _OLD_VIRTUAL_PYTHONHOME = "$PYTHONHOME:q"
    unsetenv PYTHONHOME
endif

if ( ! $?VIRTUAL_ENV_DISABLE_PROMPT ) then
    # Only shells that someone types into have a prompt.
    if ( $?prompt ) then
        set _OLD_VIRTUAL_PROMPT = "$prompt:q"
        set prompt = "($VIRTUAL_ENV_PROMPT:q) $prompt:q"
    endif
endif

rehash
`;
}

/** Even between single quotes, `!` recalls a command. */
function quoteCsh(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`).replaceAll('!', String.raw`\!`)}'`;
}
