/** `activate.bat` and `deactivate.bat`, for cmd.exe. Lines end as cmd.exe wants them. */
import type { ActivationFacts } from './activation-scripts.ts';

export function activateBat({ root, scriptsFolder, prompt = '', relocatable }: ActivationFacts): string {
  const place = relocatable
    ? String.raw`for %%i in ("%~dp0..") do set "VIRTUAL_ENV=%%~fi"`
    : `set "VIRTUAL_ENV=${escapeBat(root)}"`;
  return dosLines(String.raw`@rem Ends whatever environment was active.
@if defined VIRTUAL_ENV call "%~dp0deactivate.bat"

@rem Paths may hold characters that the console's code page has not.
@for /f "tokens=2 delims=:." %%a in ('"%SystemRoot%\System32\chcp.com"') do @set "_OLD_CODEPAGE=%%a"
@if defined _OLD_CODEPAGE @"%SystemRoot%\System32\chcp.com" 65001 > nul
@${place}
@set "VIRTUAL_ENV_PROMPT=${escapeBat(prompt)}"
@if defined _OLD_CODEPAGE @"%SystemRoot%\System32\chcp.com" %_OLD_CODEPAGE% > nul
@set _OLD_CODEPAGE=
@if not defined VIRTUAL_ENV_PROMPT @for %%i in ("%VIRTUAL_ENV%") do @set "VIRTUAL_ENV_PROMPT=%%~nxi"

@if not defined PROMPT @set "PROMPT=$P$G"
@if not defined VIRTUAL_ENV_DISABLE_PROMPT @set "_OLD_VIRTUAL_PROMPT=%PROMPT%"
@if not defined VIRTUAL_ENV_DISABLE_PROMPT @set "PROMPT=(%VIRTUAL_ENV_PROMPT%) %PROMPT%"

@if defined PYTHONHOME @set "_OLD_VIRTUAL_PYTHONHOME=%PYTHONHOME%"
@set PYTHONHOME=

@set "_OLD_VIRTUAL_PATH=%PATH%"
@set "PATH=%VIRTUAL_ENV%${'\\'}${scriptsFolder};%PATH%"
`);
}

export const deactivateBat: string =
  dosLines(String.raw`@if defined _OLD_VIRTUAL_PROMPT @set "PROMPT=%_OLD_VIRTUAL_PROMPT%"
@set _OLD_VIRTUAL_PROMPT=
@if defined _OLD_VIRTUAL_PYTHONHOME @set "PYTHONHOME=%_OLD_VIRTUAL_PYTHONHOME%"
@set _OLD_VIRTUAL_PYTHONHOME=
@if defined _OLD_VIRTUAL_PATH @set "PATH=%_OLD_VIRTUAL_PATH%"
@set _OLD_VIRTUAL_PATH=
@set VIRTUAL_ENV=
@set VIRTUAL_ENV_PROMPT=
`);

/** pydoc of the environment's own Python. */
export const pydocBat: string = dosLines('@"%~dp0python.exe" -m pydoc %*\n');

/** Between the quotes of `set "…"` only the per cent sign is special. */
function escapeBat(text: string): string {
  return text.replaceAll('%', '%%');
}

function dosLines(text: string): string {
  return text.replaceAll('\n', '\r\n');
}
