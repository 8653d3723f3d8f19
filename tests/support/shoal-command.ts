/** The command under test: the one that `SHOAL_BIN` names (the executable, the Node entry, or the real uv), else the sources on Node. */
import { fileURLToPath } from 'node:url';

/** The words that start it. */
export function shoalCommand(): readonly string[] {
  const named = process.env['SHOAL_BIN'];
  if (named !== undefined && named !== '') return [named];
  return [
    process.execPath,
    '--conditions=source',
    '--disable-warning=ExperimentalWarning',
    fileURLToPath(new URL('../../packages/shoal/src/cli/main.ts', import.meta.url)),
  ];
}
