/** What a worker may ask for, drawn at random, with what it does to an environment and how it may end. */
import { closureOf, latestOf, NAMES, versionsOf } from './soak-distributions.ts';
import { changingNothing, freezeLines, installing, isClosed, syncing, uninstalling } from './installed-states.ts';
import type { Change, Installed, Wanted } from './installed-states.ts';
import type { RandomSource, Weighted } from './random-source.ts';

export interface SoakCommand {
  readonly words: readonly string[];
  /** Standard input. */
  readonly input?: string;
  /** Where `-p` points. */
  readonly environment?: 'own' | 'shared';
  readonly change: Change;
  /** Name and version (`undefined`: gone) of all that is written, where it does not depend on what is there. */
  readonly writes?: readonly (readonly [string, string | undefined])[];
  /** It works on the part of the cache that can be written to. */
  readonly isOfCache?: boolean;
  /** Ends that are no failure. Default: 0. */
  readonly statuses?: readonly number[];
  /** What standard output has to be, trimmed, when the environment holds this. */
  readonly output?: (installed: Installed) => string;
  readonly status?: (installed: Installed) => number;
}

type Draw = (random: RandomSource) => SoakCommand;

function wantedOf(random: RandomSource): readonly Wanted[] {
  return random
    .some(NAMES, 3)
    .map((name) => ({ name, version: random.chance(0.6) ? random.pick(versionsOf(name)) : undefined }));
}

function requirements(wanted: readonly Wanted[]): readonly string[] {
  return wanted.map(({ name, version }) => (version === undefined ? name : `${name}==${version}`));
}

const install: Draw = (random) => {
  const wanted = wantedOf(random);
  // Compiling starts a Python for each processor, which would be most of what the machine does.
  const option = random.weighted<readonly string[]>([
    { weight: 40, value: [] },
    { weight: 20, value: ['--upgrade'] },
    { weight: 20, value: ['--reinstall'] },
    { weight: 3, value: ['--compile-bytecode'] },
    { weight: 17, value: ['--link-mode', 'copy'] },
  ]);
  const isFresh = ['--upgrade', '--reinstall'].includes(option[0] ?? '');
  return {
    words: ['pip', 'install', ...option, ...requirements(wanted)],
    environment: 'own',
    change: installing(wanted, { isFresh }),
  };
};

const uninstall: Draw = (random) => {
  const names = random.some(NAMES, 3);
  return { words: ['pip', 'uninstall', ...names], environment: 'own', change: uninstalling(names) };
};

const sync: Draw = (random) => {
  const names = closureOf(random.some(NAMES, 2));
  const pins = new Map(names.map((name) => [name, random.pick(versionsOf(name))]));
  return { words: ['pip', 'sync', '-'], input: freezeLines(pins), environment: 'own', change: syncing(pins) };
};

const changeShared: Draw = (random) => {
  const pins = random.some(NAMES, 3).map((name) => [name, random.pick(versionsOf(name))] as const);
  if (random.chance(0.25))
    return {
      environment: 'shared',
      change: uninstalling(pins.map(([name]) => name)),
      words: ['pip', 'uninstall', ...pins.map(([name]) => name)],
      writes: pins.map(([name]) => [name, undefined]),
    };
  const option = random.pick<readonly string[]>([[], [], ['--reinstall']]);
  return {
    environment: 'shared',
    change: (before) => new Map([...before, ...pins]),
    words: ['pip', 'install', '--no-deps', ...option, ...pins.map(([name, version]) => `${name}==${version}`)],
    writes: pins,
  };
};

export const freeze: SoakCommand = {
  words: ['pip', 'freeze'],
  environment: 'own',
  change: changingNothing,
  output: freezeLines,
};

export const check: SoakCommand = {
  words: ['pip', 'check'],
  environment: 'own',
  change: changingNothing,
  status: (installed) => (isClosed(installed) ? 0 : 1),
};

const look: Draw = (random) => ({
  words: random.pick([
    ['pip', 'list'],
    ['pip', 'tree'],
    ['pip', 'show', random.pick(['app', ...NAMES])],
  ]),
  environment: random.pick(['own', 'shared']),
  change: changingNothing,
  statuses: [0, 1],
});

const compile: Draw = (random) => {
  const names = random.some(NAMES, 3);
  const pins = new Map(closureOf(names).map((name) => [name, latestOf(name)]));
  return {
    words: ['pip', 'compile', '--no-annotate', '--no-header', '-o', 'compiled.txt', '-'],
    input: names.join('\n'),
    change: changingNothing,
    output: () => freezeLines(pins),
  };
};

const venv: Draw = (random) => ({
  words: ['venv', '--clear', `made-${random.below(2)}`, '--python'],
  change: changingNothing,
});

const build: Draw = (random) => ({
  words: ['build', ...random.pick([[], ['--wheel'], ['--sdist']]), '--out-dir', 'built', 'project'],
  change: changingNothing,
});

function ofCache(...words: readonly string[]): Draw {
  const statuses = words[0] === 'verify' ? [0, 1] : [0];
  return () => ({ words: ['cache', ...words], change: changingNothing, isOfCache: true, statuses });
}

const CHOICES: readonly [Weighted<Draw>, ...Weighted<Draw>[]] = [
  { weight: 40, value: install },
  { weight: 10, value: uninstall },
  { weight: 8, value: sync },
  { weight: 16, value: changeShared },
  { weight: 5, value: () => freeze },
  { weight: 3, value: () => check },
  { weight: 4, value: look },
  { weight: 4, value: compile },
  { weight: 3, value: venv },
  { weight: 3, value: build },
  { weight: 4, value: ofCache('clean') },
  { weight: 2, value: ofCache('clean', 'base', 'native') },
  { weight: 5, value: ofCache('prune') },
  { weight: 4, value: ofCache('verify') },
  { weight: 2, value: ofCache('size') },
  { weight: 1, value: ofCache('doctor') },
  { weight: 2, value: ofCache('locks') },
];

export function drawCommand(random: RandomSource): SoakCommand {
  return random.weighted(CHOICES)(random);
}
