/** From what was thrown to what people read and the exit status: 2 for errors, 1 for a request that cannot be fulfilled. */
import type { Reporter } from './reporter.ts';
import { systemErrorWords } from './system-error-words.ts';
import { UsageError } from './usage-error.ts';

/** Codes of errors that mean "understood, but it cannot be done", which uv reports with status 1. */
const UNFULFILLED: ReadonlySet<string> = new Set([
  'NO_SOLUTION',
  'DOWNLOAD_FAILED',
  'LOCAL_WHEEL',
  'UNHASHED_PROJECT',
  'DISTRIBUTION_NOT_FOUND',
  'NAME_MISMATCH',
  'COLLISION',
  'ENVIRONMENT_OUTDATED',
  'LOCK_MISMATCH',
]);

/** Report `error`. @returns the exit status. */
export function describeError(error: unknown, reporter: Reporter): number {
  if (error instanceof UsageError) return describeUsage(error, reporter);
  if (!(error instanceof Error)) {
    reporter.error(String(error));
    return 2;
  }
  const code = textField(error, 'code');
  if (code === undefined) return describeDefect(error, reporter);
  if (code === 'NO_SOLUTION') {
    describeNoSolution(error, reporter);
    return 1;
  }
  reporter.error(wordsOf(error), { causes: causesOf(error), hint: hintOf(error) });
  return UNFULFILLED.has(code) ? 1 : 2;
}

/** The heading is the error, the derivation its cause; every hint stands on its own. */
function describeNoSolution(error: Error, reporter: Reporter): void {
  const heading = (textField(error, 'heading') ?? error.message).replace(/:$/, '');
  const report = textField(error, 'report');
  const texts = textsField(error, 'hints');
  reporter.error(heading, {
    causes: [...textsField(error, 'reports'), ...(report === undefined ? [] : [report])],
    hint: texts[0],
  });
  for (const hint of texts.slice(1)) reporter.line(`\n${reporter.style.hint('hint')}: ${hint}`);
}

function describeUsage(error: UsageError, reporter: Reporter): number {
  reporter.error(error.message);
  if (error.tip !== undefined) reporter.line(`\n  tip: ${error.tip}`);
  if (error.usage !== undefined) reporter.line(`\n${reporter.style.title('Usage:')} ${error.usage}`);
  reporter.line("\nFor more information, try '--help'.");
  return 2;
}

/** An error without a code is a defect of shoal itself: its stack helps whoever mends it. */
function describeDefect(error: Error, reporter: Reporter): number {
  reporter.error(error.message || error.name, {
    causes: causesOf(error),
    hint: 'This is a defect of shoal; please report it together with the output of the same command with `-v`',
  });
  reporter.debug(error.stack ?? '');
  return 2;
}

/** A fault in a text is shown once, with all of the text: what lies below speaks of its parts. */
function causesOf(error: Error): string[] {
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error && causes.length < 8; cause = cause.cause) {
    const words = wordsOf(cause);
    if (words !== '' && !causes.includes(words)) causes.push(words);
    // Its message quotes what is behind it.
    if (textField(cause, 'code') === 'INVALID_REQUIREMENT') break;
  }
  return causes;
}

function wordsOf(error: Error): string {
  return systemErrorWords(error) ?? error.message;
}

/** The hint of the error, or of the nearest cause that has one. */
function hintOf(error: Error): string | undefined {
  for (let one: unknown = error; one instanceof Error; one = one.cause) {
    const hint = textField(one, 'hint');
    if (hint !== undefined) return hint;
  }
  return undefined;
}

function textField(error: Error, name: string): string | undefined {
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : undefined;
}

function textsField(error: Error, name: string): readonly string[] {
  const value: unknown = Reflect.get(error, name);
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}
