/** Two small indexes for tests of `pip compile`: extras, markers, forks, pre-releases, yanked and local versions, wheels for few. */
import type { Universe } from './universe.ts';

const early = { uploadTime: '2024-01-01T00:00:00Z', sdist: false } as const;
const late = { uploadTime: '2024-06-01T00:00:00Z', sdist: false } as const;

export const firstUniverse: Universe = {
  app: {
    '1.0': { ...early, requires: ['web>=1', 'base'] },
    '2.0': {
      ...late,
      requires: ['web[fast]>=1', 'base', "win; sys_platform == 'win32'"],
      extras: { cli: ['tool'], all: ['app[cli]', 'leaf'] },
    },
  },
  web: {
    '1.0': { ...early, requires: ['base'] },
    '1.5': { ...early, requires: ['base'], extras: { fast: ['speed'] } },
    '2.0': { ...late, requires: ['base', "leaf; python_version < '3.10'"], extras: { fast: ['speed'] } },
  },
  base: { '1.0': { ...early, uploadTime: '2023-01-01T00:00:00Z' }, '1.1': early, '2.0': late, '3.0a1': late },
  speed: {
    '0.9': early,
    '1.0': {
      ...early,
      wheels: ['cp312-cp312-manylinux_2_17_x86_64', 'cp312-cp312-win_amd64', 'cp311-cp311-manylinux_2_17_x86_64'],
    },
  },
  leaf: { '1.0': early },
  win: { '1.0': early },
  tool: { '1.0': { ...early, requires: ['app'] } },
  'pre-only': { '1.0a1': early, '1.0b2': early },
  py: {
    '1.0': { ...early, requires_python: '>=3.8' },
    '2.0': { ...early, requires_python: '>=3.11' },
    '3.0': { ...early, requires_python: '>=3.13' },
  },
  'Some.Name': { '1.0': { ...early, sdist: true } },
  local: { '1.0+cpu': early, '1.0': early },
  yank: { '1.0': early, '2.0': { ...early, yanked: 'broken build' } },
  linux: { '1.0': { ...early, wheels: ['cp312-cp312-manylinux_2_17_x86_64'] } },
  old: { '1.0': { ...early, wheels: ['cp38-cp38-manylinux_2_17_x86_64'] } },
  mac: { '1.0': { ...early, wheels: ['cp312-cp312-macosx_11_0_arm64'] } },
  forky: { '1.0': { ...early, requires: ["base<2; sys_platform == 'win32'", "base>=2; sys_platform != 'win32'"] } },
  clash: { '1.0': { ...early, requires: ['base>=2'] }, '1.1': { ...early, requires: ['base>=4'] } },
  'needs-missing': { '1.0': { ...early, requires: ['nowhere>=1'] } },
  self: { '1.0': { ...early, requires: ['self[x]'], extras: { x: ['leaf'] } } },
  egg: { '1.0': { ...early, requires: ['hen'] } },
  hen: { '1.0': { ...early, requires: ['egg'] } },
};

export const secondUniverse: Universe = {
  app: { '0.5': early },
  base: { '1.5': early },
  'only-two': { '1.0': { ...early, requires: ['base'] } },
};
