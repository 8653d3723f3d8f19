/** One event of a workflow made visible: warnings and waiting for everybody, progress on terminals, steps with `-v`. */
import { describeHolder } from '@shoal/cache';
import { BUILD_RESOURCE, lastLineOfBuild } from '../build/build-log.ts';
import type { WorkflowEvent } from '../commands/install-phases.ts';
import type { ProgressDisplay } from './progress-display.ts';
import { formatDuration } from './render/quantities.ts';
import type { Reporter } from './reporter.ts';

interface Displays {
  readonly reporter: Reporter;
  readonly progress: ProgressDisplay | undefined;
}

type Probed = Extract<WorkflowEvent, { readonly type: 'probed' }>;
type Waiting = Extract<WorkflowEvent, { readonly type: 'waiting' }>;

/** Show `event`; phases are shown by their own function. */
export function reportEvent(event: Exclude<WorkflowEvent, { readonly type: 'phase' }>, displays: Displays): void {
  const { reporter, progress } = displays;
  switch (event.type) {
    case 'waiting':
      return reporter.line(describeWaiting(event));
    case 'warning':
      return reporter.warning(event.message);
    case 'note':
      return reporter.line(event.message);
    case 'healed':
      return reportHealed(event, reporter);
    case 'acquired':
    case 'unsupported':
    case 'retry':
    case 'recovered':
      return reporter.debug(JSON.stringify(event));
    case 'probed':
      return reportProbe(event, reporter);
    case 'layered':
      return reporter.line(
        `The cache at \`${event.readThrough}\` cannot be written to: it is read, and what it lacks goes to \`${event.root}\``,
      );
    case 'collision':
      return reporter.warning(event.message);
    case 'link-fallback':
      return reporter.debug(`Linking files by ${event.to} instead of ${event.from}: ${event.reason}`);
    case 'resolving':
      return progress?.setStatus(`Resolving ${event.name}==${event.version}`);
    case 'request':
      return reporter.debug(`${event.method} ${event.url}`);
    case 'build-started':
      return reporter.line(`   ${reporter.style.dim('Building')} ${event.subject}`);
    case 'build-finished':
      return reporter.line(`      ${reporter.style.dim('Built')} ${event.subject}`);
    case 'build-output':
      return reporter.debug(event.text.trimEnd());
    case 'step':
      return reporter.debug(`${event.name} ${event.detail ?? ''}`);
    default:
      return reportProgress(event, displays);
  }
}

/** People hear of what they installed; that a record of the cache was renewed is a detail. */
function reportHealed(event: Extract<WorkflowEvent, { readonly type: 'healed' }>, reporter: Reporter): void {
  if ('distribution' in event)
    reporter.warning(
      `The cached files of \`${event.distribution}\` are damaged and will be made again: ${event.reason}`,
    );
  else reporter.debug(JSON.stringify(event));
}

type ProgressEvent = Extract<
  WorkflowEvent,
  {
    readonly type:
      | 'download-started'
      | 'download-progress'
      | 'download-finished'
      | 'download-failed'
      | 'unpacked'
      | 'collecting';
  }
>;

function reportProgress(event: ProgressEvent, { reporter, progress }: Displays): void {
  switch (event.type) {
    case 'download-started':
      reporter.debug(
        `Downloading ${event.resource}${event.resumedBytes > 0 ? `, of which ${event.resumedBytes} bytes are there already` : ''}`,
      );
      return progress?.start(event.resource, { label: event.resource, sizeBytes: event.sizeBytes });
    case 'download-progress':
      return progress?.advance(event.resource, event.receivedBytes);
    case 'download-finished':
    case 'download-failed':
      return progress?.finish(event.resource);
    case 'unpacked':
      return reporter.debug(`Unpacked ${event.files} files of ${event.resource}`);
    case 'collecting':
      return progress?.setStatus(`Cleaning ${event.files} files`);
  }
}

/** Of several lacks the gravest is named, once; `cache doctor` shows them all. */
function reportProbe({ facts, lacks }: Probed, reporter: Reporter): void {
  reporter.debug(`The cache lies on ${facts.fileSystem}; locks exclude ${facts.lockScope}`);
  const [lack] = lacks.filter(({ isGrave }) => isGrave);
  if (lack !== undefined)
    reporter.warning(`In the cache's place, ${lack.what}: ${lack.consequence}. \`shoal cache doctor\` tells more.`);
}

function describeWaiting({ resource, holder, waitedMs, path }: Waiting): string {
  const held = holder === undefined ? 'which another process holds' : `held by ${describeHolder(holder)}`;
  const line = resource.startsWith(BUILD_RESOURCE) ? lastLineOfBuild(path) : undefined;
  const doing = line === undefined ? '' : `; its last line: ${line}`;
  return `Waiting for ${resource}, ${held}, for ${formatDuration(waitedMs)} so far${doing}`;
}
