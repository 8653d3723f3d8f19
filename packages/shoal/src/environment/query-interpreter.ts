/**
 * What is known of an interpreter, from the cache when the very same file was asked before.
 *
 * ## Guarantees
 * - The second question about an interpreter starts no process, whoever asked first. Many processes that ask at once start it once.
 * - A replaced interpreter, a rewritten `pyvenv.cfg`, another kernel: each is another key, so that nothing stale is found,
 *   and containers that share a cache do not push each other's answers out.
 *
 * ## Limits
 * - Scripts that stand in for an interpreter are asked every time: what they start depends on more than themselves.
 */
import { closeSync, lstatSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { release, version as systemVersion } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { digestOf, hasErrorCode } from '@shoal/cache';
import { InterpreterError } from './interpreter-errors.ts';
import { FACTS_VERSION, factsOfReport } from './interpreter-facts.ts';
import type { InterpreterFacts } from './interpreter-facts.ts';
import type { PythonHost } from './python-host.ts';
import { runFactsScript } from './run-facts-script.ts';
import type { Report } from './run-facts-script.ts';

/**
 * @param path Relative paths start in the host's working folder.
 * @throws {InterpreterError} when there is no interpreter at `path`, or none that can be used.
 */
export async function queryInterpreter(path: string, host: PythonHost): Promise<InterpreterFacts> {
  const absolute = resolve(host.workingFolder, path);
  const identity = identify(absolute);
  const report = identity.isScript
    ? await runFactsScript(absolute, host)
    : await readOrRun(absolute, identity.key, host);
  return factsOf(absolute, report);
}

async function readOrRun(path: string, key: string, host: PythonHost): Promise<Report> {
  return await host.cache.records.readOrProduce({
    bucket: 'interpreters',
    key,
    resource: `the facts about ${path}`,
    accept: parseReport,
    produce: async () => JSON.stringify(await runFactsScript(path, host)),
    signal: host.signal,
  });
}

function parseReport(content: Uint8Array): Report | undefined {
  try {
    return JSON.parse(Buffer.from(content).toString('utf8')) as Report;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function factsOf(path: string, report: Report): InterpreterFacts {
  if ('refusal' in report) throw new InterpreterError(path, { kind: 'refused', refusal: report.refusal });
  return factsOfReport(report.facts, realPathOf(report.facts.executable));
}

interface Identity {
  readonly key: string;
  readonly isScript: boolean;
}

/** Two bytes tell a script from a program; a file that cannot be read can still be a program. */
function identify(path: string): Identity {
  try {
    const real = realpathSync.native(path);
    const configuration = statSync(join(dirname(dirname(path)), 'pyvenv.cfg'), { bigint: true, throwIfNoEntry: false });
    const facts = [
      FACTS_VERSION,
      path,
      real,
      stamp(statSync(real, { bigint: true })),
      configuration === undefined ? '' : stamp(configuration),
      process.arch,
      release(),
      systemVersion(),
    ];
    return { key: digestOf(JSON.stringify(facts)), isScript: startsLikeScript(real) };
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'ELOOP')) throw unreadable(path, error);
    const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
    throw new InterpreterError(path, { kind: isLink ? 'broken-link' : 'not-found' }, error);
  }
}

function unreadable(path: string, error: unknown): unknown {
  if (!hasErrorCode(error, 'EACCES', 'EPERM')) return error;
  return new InterpreterError(path, { kind: 'not-executable', systemCode: 'EACCES' }, error);
}

function stamp({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}

function startsLikeScript(path: string): boolean {
  try {
    const descriptor = openSync(path, 'r');
    try {
      const start = Buffer.alloc(2);
      return readSync(descriptor, start, 0, 2, 0) === 2 && start.toString('latin1') === '#!';
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (hasErrorCode(error, 'EACCES', 'EPERM', 'EISDIR')) return false;
    throw error;
  }
}

function realPathOf(path: string): string {
  try {
    return realpathSync.native(path);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'EACCES')) return path;
    throw error;
  }
}
