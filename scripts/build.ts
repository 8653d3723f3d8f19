/**
 * Builds what people run: `dist/shoal`, the Bun-compiled executable, and `dist/node/`, the same command for Node, bundled in
 * one chunk per command. `node scripts/on-node24.mjs scripts/build.ts [--executable] [--node]`; without a flag, both.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { entryPoints } from './entry-points.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const wanted = process.argv.slice(2);

if (wanted.length === 0 || wanted.includes('--executable')) buildExecutable();
if (wanted.length === 0 || wanted.includes('--node')) await buildForNode();

function buildExecutable(): void {
  const target = join(root, 'dist', 'shoal');
  mkdirSync(join(root, 'dist'), { recursive: true });
  const fresh = `${target}.new`;
  execFileSync(
    bunExecutable(),
    [
      'build',
      '--compile',
      '--bytecode',
      '--splitting',
      '--format=esm',
      '--minify-syntax',
      '--minify-whitespace',
      // Files of whatever folder it is started in must not change what it does, nor the variables of what it runs.
      '--no-compile-autoload-dotenv',
      '--no-compile-autoload-bunfig',
      '--conditions=source',
      '--external=koffi',
      '--external=undici',
      ...entryPoints.map((file) => join(root, file)),
      '--outfile',
      fresh,
    ],
    { cwd: join(root, 'packages', 'shoal', 'src'), stdio: ['ignore', 'ignore', 'inherit'] },
  );
  // A rename, because the executable may be running.
  renameSync(fresh, target);
}

function bunExecutable(): string {
  const architecture = process.arch === 'arm64' ? 'aarch64' : process.arch;
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const executable = join(
    root,
    'node_modules',
    '@oven',
    `bun-${system}-${architecture}`,
    'bin',
    process.platform === 'win32' ? 'bun.exe' : 'bun',
  );
  if (!existsSync(executable)) throw new Error(`there is no Bun at ${executable}: run \`npm ci\` first`);
  return executable;
}

async function buildForNode(): Promise<void> {
  const folder = join(root, 'dist', 'node');
  rmSync(folder, { recursive: true, force: true });
  await build({
    input: entryPoints.map((file) => join(root, file)),
    platform: 'node',
    external: ['koffi', 'undici', /^bun:/],
    resolve: { conditionNames: ['source', 'import', 'node', 'default'] },
    output: {
      dir: folder,
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name]-[hash].js',
      minify: false,
    },
    logLevel: 'warn',
  });
  const command = join(folder, 'shoal');
  writeFileSync(command, nodeLauncher());
  chmodSync(command, 0o755);
}

/**
 * A command that starts the bundle on the Node that the repository carries, so that tests need not care which Node is on PATH, and
 * tells it its name. The dashes keep Node from taking `--env-file` for its own.
 */
function nodeLauncher(): string {
  return `#!/bin/sh\nSHOAL_CALLED_AS="$0" exec '${process.execPath}' --disable-warning=ExperimentalWarning -- '${join(root, 'dist', 'node', 'main.js')}' "$@"\n`;
}
