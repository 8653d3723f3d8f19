/**
 * One command line of the program, in this process, that kills itself at the step whose number it is given: `KILL_AT WORD...`.
 * Steps are what `-v` shows of them, and the word `compiling`, which the tests' own backend prints in the midst of a build. Prints the names of the steps that were announced, when it lives to its end.
 */
import process from 'node:process';
import { runCommandLine } from '../../packages/shoal/src/cli/run-command-line.ts';
import { isStep } from './crash-steps.ts';

const [killAt = '', ...words] = process.argv.slice(2);
const steps: string[] = [];
let line = '';

function hear(text: string): boolean {
  line += text;
  for (let end = line.indexOf('\n'); end >= 0; end = line.indexOf('\n')) {
    const [, name = ''] = /^DEBUG (\S+)/.exec(line) ?? [];
    line = line.slice(end + 1);
    if (!isStep(name) && name !== 'compiling') continue;
    if (steps.length === Number(killAt)) {
      // What is left unsaid by a killed process must not be: the test wants to know where it died.
      process.stderr.write(`killed at ${name}\n`);
      process.kill(process.pid, 'SIGKILL');
    }
    steps.push(name);
  }
  return true;
}

process.exitCode = await runCommandLine([...words, '-v'], {
  env: process.env,
  stdin: process.stdin,
  stdout: { write: () => true },
  stderr: { write: hear },
  cwd: () => process.cwd(),
  on: (event, listener) => process.on(event, listener),
  off: (event, listener) => process.off(event, listener),
});
process.stdout.write(steps.join(' '));
