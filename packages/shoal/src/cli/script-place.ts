import type { ScriptPlace } from '../commands/change-script.ts';
import type { OptionValues } from './option-values.ts';
import { absolutePath } from './session.ts';
import type { Session } from './session.ts';

/** The script that `--script` names. */
export function scriptPlace(session: Session, written: string): ScriptPlace {
  return { path: absolutePath(session, written), shown: written };
}

/** Options that say nothing where a script is changed. */
export function warnOfProjectOptions({ reporter }: Session, values: OptionValues): void {
  for (const [key, option] of [
    ['package', '--package'],
    ['locked', '--locked'],
    ['frozen', '--frozen'],
    ['noSync', '--no-sync'],
  ] as const)
    if (values.isGiven(key))
      reporter.warning(
        `\`${option}\` is a no-op for Python scripts with inline metadata, which always run in isolation`,
      );
}
