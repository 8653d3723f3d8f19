/** `pip check`: whether everything that is installed fits together. */
import type { Environment } from '../environment/environment.ts';
import { checkInstalled } from './check-installed.ts';
import type { CheckTarget, Incompatibility } from './check-installed.ts';
import { ownTarget } from './check-target.ts';
import { readEnvironment } from './read-environment.ts';
import type { ReadSurroundings } from './read-environment.ts';

export interface CheckInput {
  readonly environment: Environment;
  /** Another Python or platform than the environment's own. */
  readonly target: Omit<CheckTarget, 'shownPython'> | undefined;
}

/** Announces the phase `checked`. @returns what does not fit; empty when all does. */
export async function checkEnvironment(
  { environment, target }: CheckInput,
  surroundings: ReadSurroundings,
): Promise<readonly Incompatibility[]> {
  const started = performance.now();
  const shownPython = environment.interpreter.version;
  return await readEnvironment(environment, surroundings, (installed) => {
    const found = checkInstalled(installed, { ...(target ?? ownTarget(environment)), shownPython });
    surroundings.options.onEvent({
      type: 'phase',
      phase: 'checked',
      count: installed.length,
      elapsedMs: performance.now() - started,
    });
    return found;
  });
}
