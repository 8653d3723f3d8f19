/**
 * The main job, from nothing: builds the executable, makes an environment, installs real packages from the real index into it
 * and imports them. `npm run demo`; it leaves `.shoal-demo/` behind to look at.
 */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const shoal = join(root, 'dist', 'shoal');
const environment = join(root, '.shoal-demo', 'venv');
const python = join(environment, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');

run(process.execPath, [
  '--conditions=source',
  '--disable-warning=ExperimentalWarning',
  join(root, 'scripts', 'build.ts'),
]);
rmSync(join(root, '.shoal-demo'), { recursive: true, force: true });
run(shoal, ['venv', environment]);
run(shoal, ['pip', 'install', '--python', environment, 'requests', 'rich', 'numpy']);
run(shoal, ['pip', 'tree', '--python', environment]);
run(python, [
  '-c',
  'import numpy, requests, rich; print("imported numpy", numpy.__version__, "and requests", requests.__version__)',
]);

function run(program: string, words: readonly string[]): void {
  console.log(`$ ${[program.replace(root, ''), ...words.map((word) => word.replace(root, ''))].join(' ')}`);
  execFileSync(program, words, { stdio: 'inherit' });
}
