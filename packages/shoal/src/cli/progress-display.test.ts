import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProgressDisplay } from './progress-display.ts';
import { Reporter } from './reporter.ts';

function reporterOver(columns: number): { readonly reporter: Reporter; readonly written: string[] } {
  const written: string[] = [];
  const stream = { write: (text: string) => written.push(text), isTTY: true, columns };
  const reporter = new Reporter({
    streams: { stdout: stream, stderr: stream },
    variables: {},
    quiet: 0,
    verbose: 0,
    color: 'never',
  });
  return { reporter, written };
}

test('ProgressDisplay shows bytes and rate of each download', () => {
  const { reporter, written } = reporterOver(100);
  let now = 0;
  const display = new ProgressDisplay(reporter, () => now);
  display.start('a', { label: 'numpy', sizeBytes: 2048 });
  now = 1000;
  display.advance('a', 1024);

  assert.match(written.at(-1) ?? '', /^numpy +\[-{10} {10}\] 1\.0KiB\/2\.0KiB 1\.0KiB\/s\n$/);
});

test('ProgressDisplay draws at most ten times a second', () => {
  const { reporter, written } = reporterOver(100);
  let now = 0;
  const display = new ProgressDisplay(reporter, () => now);
  display.start('a', { label: 'numpy', sizeBytes: undefined });
  for (now = 1; now < 1000; now += 1) display.advance('a', now);

  assert.ok(written.filter((text) => text.includes('numpy')).length <= 10);
});

test('ProgressDisplay steps aside for a line', () => {
  const { reporter, written } = reporterOver(100);
  const display = new ProgressDisplay(reporter, () => 0);
  display.start('a', { label: 'numpy', sizeBytes: undefined });
  reporter.line('Resolved');

  assert.deepEqual(written.slice(-2), ['\u001B[1A\u001B[2K\r', 'Resolved\n']);
});

test('Reporter.canAnimate() refuses terminals without columns', () => {
  assert.equal(reporterOver(0).reporter.canAnimate({}), false);
  assert.equal(reporterOver(80).reporter.canAnimate({ TERM: 'dumb' }), false);
  assert.equal(reporterOver(80).reporter.canAnimate({}), true);
});
