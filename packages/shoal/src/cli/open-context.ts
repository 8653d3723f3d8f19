/** The shared context of a command, with its events connected to the terminal. */
import { Context } from '../commands/context.ts';
import type { WorkflowEvent } from '../commands/install-phases.ts';
import { reportPhase } from './commands/report-checked.ts';
import { findIndexes } from './index-locations.ts';
import type { FoundIndexes, IndexSources, WrittenIndex } from './index-locations.ts';
import { lockTimeoutMs, networkSettings } from './network-settings.ts';
import type { OptionValues } from './option-values.ts';
import { placeOfCache, temporaryCache } from './private-layer.ts';
import { ProgressDisplay } from './progress-display.ts';
import { RefusedOptionError } from './refused-option-error.ts';
import { reportEvent } from './report-event.ts';
import { cacheRoot } from './session.ts';
import type { Session } from './session.ts';

export interface OpenedContext extends AsyncDisposable {
  readonly context: Context;
  readonly onEvent: (event: WorkflowEvent) => void;
  /** Where distributions are looked for, as options and files have it; no index with `--no-index`. */
  readonly places: {
    readonly indexes: readonly WrittenIndex[];
    readonly links: readonly string[];
    /** Whether anybody named a place: an option, a variable, a file. */
    readonly isConfigured: boolean;
  };
}

/** For commands without index options: they ask no index. */
const NO_INDEXES: FoundIndexes = {
  written: [],
  links: [],
  settings: { indexes: [], flat: [], noIndex: true, strategy: 'first-index', refresh: 'none' },
};

/** Open what the command's options describe. With `--no-cache` the cache is a temporary folder that goes with the context. */
export function openContext(session: Session, values: OptionValues, sources: IndexSources): OpenedContext {
  refuseKeyring(values);
  if (values.has('index')) warnOfUnusedSettings(session, values);
  const { settings, written, links } = values.has('index') ? findIndexes(session, values, sources) : NO_INDEXES;
  const place = values.flag('noCache') ? temporaryCache(session) : placeOfCache(session, cacheRoot(session, values));
  const onEvent = eventListener(session, values);
  const context = new Context({
    cacheRoot: place.root,
    readThrough: place.readThrough,
    isCachePrivate: place.isPrivate,
    command: session.commandLine,
    lockTimeoutMs: lockTimeoutMs(values),
    network: networkSettings({
      session,
      values,
      indexes: [...written, ...links.map(({ location }) => ({ url: location }))],
    }),
    indexes: settings,
    signal: session.signal,
    onEvent,
  });
  return {
    context,
    onEvent,
    places: {
      indexes: settings.noIndex ? [] : written,
      links: links.map((link) => link.written),
      isConfigured: settings.noIndex || links.length > 0 || written.some(({ isBuiltIn }) => isBuiltIn !== true),
    },
    [Symbol.asyncDispose]: async () => {
      await context[Symbol.asyncDispose]();
      place[Symbol.dispose]();
    },
  };
}

/** Settings of uv that this release does not have. */
const UNUSED_SETTINGS = ['extra-build-dependencies', 'extra-build-variables', 'torch-backend'] as const;

function warnOfUnusedSettings({ reporter }: Session, { settings }: OptionValues): void {
  for (const key of UNUSED_SETTINGS)
    if (settings?.has(key) === true)
      reporter.warning(`The setting \`${key}\` is not available in this release, and has no effect`);
  if (settings?.text('keyring-provider') === 'subprocess')
    reporter.warning(
      'The setting `keyring-provider = "subprocess"` is not available in this release, and has no effect',
    );
}

/** @throws {RefusedOptionError} */
function refuseKeyring(values: OptionValues): void {
  if (!values.has('keyringProvider') || values.text('keyringProvider') !== 'subprocess') return;
  throw new RefusedOptionError({
    message: '`--keyring-provider subprocess` is not available in this release',
    hint: 'Give credentials in the URL of the index, in `netrc`, or in the variables `UV_INDEX_<NAME>_USERNAME` and `UV_INDEX_<NAME>_PASSWORD`',
  });
}

function eventListener(session: Session, values: OptionValues): (event: WorkflowEvent) => void {
  const { reporter, variables } = session;
  const animates = !values.flag('noProgress') && reporter.canAnimate(variables);
  const progress = animates ? new ProgressDisplay(reporter) : undefined;
  return (event) => {
    if (event.type === 'phase') {
      progress?.setStatus('');
      progress?.clear();
      reportPhase(event, reporter);
    } else reportEvent(event, { reporter, progress });
  };
}
