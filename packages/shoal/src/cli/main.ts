#!/usr/bin/env node
/**
 * The command's entry: words in, exit status out. The only place that reads the process's variables, listens for its signals
 * and ends it. `--version` is answered before anything else is loaded.
 */
import process from 'node:process';
import { versionLine } from './version.ts';

const words = process.argv.slice(2);

if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) {
  process.stdout.write(`${versionLine(process.argv0, process.env['SHOAL_CALLED_AS'] ?? process.argv[1])}\n`);
} else {
  const { runCommandLine } = await import('./run-command-line.ts');
  process.exitCode = await runCommandLine(words, process);
}
