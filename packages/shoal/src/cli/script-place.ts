import type { ScriptPlace } from '../commands/change-script.ts';
import { absolutePath } from './session.ts';
import type { Session } from './session.ts';

/** The script that `--script` names. */
export function scriptPlace(session: Session, written: string): ScriptPlace {
  return { path: absolutePath(session, written), shown: written };
}
