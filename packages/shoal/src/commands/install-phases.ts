/** What a command that changes an environment tells while it goes on, and what it gives back. */
import type { BuildEvent } from '../build/build-event.ts';
import type { ContextEvent } from './context.ts';

/** A part of the work that ended. */
export interface PhaseEvent {
  readonly type: 'phase';
  readonly phase: 'resolved' | 'prepared' | 'uninstalled' | 'installed' | 'checked' | 'compiled';
  readonly count: number;
  readonly elapsedMs: number;
}

/** A distribution that came, went, or was installed anew. */
export interface EnvironmentChange {
  readonly kind: 'added' | 'removed' | 'reinstalled';
  readonly name: string;
  readonly version: string;
  /** The URL or path that it came from, when no index gave it. */
  readonly from: string | undefined;
}

export type WorkflowEvent =
  | ContextEvent
  | BuildEvent
  | PhaseEvent
  | { readonly type: 'warning'; readonly message: string }
  /** Something to know that is no cause for concern. */
  | { readonly type: 'note'; readonly message: string };

export interface WorkflowOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onEvent: (event: WorkflowEvent) => void;
}

/** Runs `work` and announces its end with what it counted. */
export async function timed<Result>(
  phase: PhaseEvent['phase'],
  onEvent: WorkflowOptions['onEvent'],
  work: () => Promise<{ readonly count: number; readonly result: Result }>,
): Promise<Result> {
  const started = performance.now();
  const { count, result } = await work();
  if (count > 0 || phase === 'checked' || phase === 'resolved')
    onEvent({ type: 'phase', phase, count, elapsedMs: performance.now() - started });
  return result;
}
