/** The wheels and the changes that are interrupted at every step. */
import type { WheelTreeSpec } from '../support/wheel-tree.ts';

const WHEELS: Readonly<Record<string, WheelTreeSpec>> = {
  'alpha-1': {
    name: 'alpha',
    version: '1.0',
    files: {
      'alpha/__init__.py': 'one',
      'alpha/gone.py': 'only in 1.0',
      'space/alpha.py': 'one',
      'alpha-1.0.data/data/share/alpha/page.html': 'one',
      'alpha-1.0.data/scripts/tool': '#!python\none',
    },
    consoleScripts: ['alpha = alpha:main'],
  },
  'alpha-2': {
    name: 'alpha',
    version: '2.0',
    files: {
      'alpha/__init__.py': 'two',
      'alpha/new/deep.py': 'two',
      'space/alpha.py': 'two',
      'alpha_extra.py': 'two',
      'alpha-2.0.data/data/share/alpha/page.html': 'two',
    },
    consoleScripts: ['alpha = alpha:other'],
  },
  // The same version with other content, as a second build of one release has.
  'alpha-1-again': {
    name: 'alpha',
    version: '1.0',
    files: { 'alpha/__init__.py': 'again', 'space/alpha.py': 'again' },
  },
  'beta-1': { name: 'beta', version: '1.0', files: { 'beta.py': 'one', 'space/beta.py': 'one' } },
  'gamma-1': {
    name: 'gamma',
    version: '1.0',
    files: { 'gamma/__init__.py': 'one', 'space/gamma.py': 'one' },
    consoleScripts: ['gamma = gamma:main'],
  },
};

export interface InstallCase {
  readonly name: string;
  readonly remove: readonly string[];
  readonly add: readonly string[];
}

/** Each starts from an environment with `alpha-1` and `beta-1`. */
export const INSTALL_CASES: readonly InstallCase[] = [
  { name: 'install', remove: [], add: ['gamma-1'] },
  { name: 'replace', remove: ['alpha'], add: ['alpha-2', 'gamma-1'] },
  { name: 'reinstall', remove: ['alpha'], add: ['alpha-1-again'] },
  { name: 'uninstall', remove: ['alpha', 'beta'], add: [] },
];

export const STARTING_WHEELS: readonly string[] = ['alpha-1', 'beta-1'];

export const ALL_WHEELS: readonly string[] = Object.keys(WHEELS);

export function wheelSpec(name: string): WheelTreeSpec {
  const spec = WHEELS[name];
  if (spec === undefined) throw new Error(`no wheel is called ${name}`);
  return spec;
}
