/** `activate`, for bash, zsh, ksh, dash and other shells of the POSIX family. */
import type { ActivationFacts } from './activation-scripts.ts';

export function activateSh({ root, scriptsFolder, prompt = '', relocatable }: ActivationFacts): string {
  return String.raw`# Read this file into a shell, do not run it:  . ${scriptsFolder}/activate

deactivate () {
    if [ -n "${'$'}{_OLD_VIRTUAL_PATH+set}" ]; then
        PATH=$_OLD_VIRTUAL_PATH
        export PATH
        unset _OLD_VIRTUAL_PATH
    fi
    if [ -n "${'$'}{_OLD_VIRTUAL_PYTHONHOME+set}" ]; then
        PYTHONHOME=$_OLD_VIRTUAL_PYTHONHOME
        export PYTHONHOME
        unset _OLD_VIRTUAL_PYTHONHOME
    fi
    if [ -n "${'$'}{_OLD_VIRTUAL_PS1+set}" ]; then
        PS1=$_OLD_VIRTUAL_PS1
        export PS1
        unset _OLD_VIRTUAL_PS1
    fi
    unset VIRTUAL_ENV VIRTUAL_ENV_PROMPT
    # Shells remember where they found programs.
    hash -r 2>/dev/null || true
    if [ "${'$'}{1-}" != nondestructive ]; then
        unset -f deactivate
    fi
}

# Ends whatever environment was active.
deactivate nondestructive

${relocatable ? OWN_PLACE : `VIRTUAL_ENV=${quoteSh(root)}`}
case "${'$'}{OSTYPE-}" in
    cygwin* | msys*) VIRTUAL_ENV=$(cygpath -u "$VIRTUAL_ENV") ;;
esac
export VIRTUAL_ENV

_OLD_VIRTUAL_PATH=$PATH
PATH=$VIRTUAL_ENV/${scriptsFolder}:$PATH
export PATH

VIRTUAL_ENV_PROMPT=${quoteSh(prompt)}
if [ -z "$VIRTUAL_ENV_PROMPT" ]; then
    VIRTUAL_ENV_PROMPT=${'$'}{VIRTUAL_ENV##*/}
fi
export VIRTUAL_ENV_PROMPT

if [ -n "${'$'}{PYTHONHOME+set}" ]; then
    _OLD_VIRTUAL_PYTHONHOME=$PYTHONHOME
    unset PYTHONHOME
fi

if [ -z "${'$'}{VIRTUAL_ENV_DISABLE_PROMPT-}" ]; then
    _OLD_VIRTUAL_PS1=${'$'}{PS1-}
    PS1="($VIRTUAL_ENV_PROMPT) ${'$'}{PS1-}"
    export PS1
fi

hash -r 2>/dev/null || true
`;
}

/** Each shell has its own way to say which file it reads; the others must not even parse it. */
const OWN_PLACE: string = String.raw`if [ -n "${'$'}{BASH_VERSION-}" ]; then
    eval '_virtual_script=${'$'}{BASH_SOURCE[0]}'
elif [ -n "${'$'}{ZSH_VERSION-}" ]; then
    eval '_virtual_script=${'$'}{(%):-%x}'
elif [ -n "${'$'}{KSH_VERSION-}" ]; then
    eval '_virtual_script=${'$'}{.sh.file}'
else
    echo 'This shell cannot tell where the environment is; use bash, zsh or ksh' >&2
    return 1
fi
VIRTUAL_ENV=$(cd "$(dirname "$_virtual_script")/.." >/dev/null && pwd -P)
unset _virtual_script`;

/** Nothing is special between single quotes; a quote itself stands outside of them. */
function quoteSh(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
