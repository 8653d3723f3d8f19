/** A bare environment in a scratch folder, and wheels for it: what tests of installing change and look at. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { normalizeName, parseVersion } from '@shoal/packaging';
import { applyPlan } from '../../packages/shoal/src/install/apply-plan.ts';
import type { ApplyInput, ApplyReport } from '../../packages/shoal/src/install/apply-plan.ts';
import type { InstallEvent } from '../../packages/shoal/src/install/install-event.ts';
import type { Addition, InstallTarget, Removal } from '../../packages/shoal/src/install/install-target.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { installedIn, makeBareEnvironment, makeWheelTree, snapshotTree } from './wheel-tree.ts';
import type { WheelTreeSpec } from './wheel-tree.ts';

/** site-packages of a scene's environment, relative to its root. */
export const SITE = 'lib/python3.12/site-packages';

export class InstallScene {
  readonly folder: string;
  readonly environment: InstallTarget;
  readonly site: string;
  readonly events: InstallEvent[] = [];
  #trees = 0;

  constructor(t: TestContext) {
    this.folder = temporaryFolder(t);
    this.environment = makeBareEnvironment(join(this.folder, 'env'));
    this.site = this.environment.scheme.purelib;
  }

  tree(spec: WheelTreeSpec): Addition {
    this.#trees += 1;
    return makeWheelTree(join(this.folder, `tree-${this.#trees}`), spec);
  }

  async change(
    change: { add?: readonly Addition[]; remove?: readonly string[] } & Partial<Omit<ApplyInput, 'add' | 'remove'>>,
  ): Promise<ApplyReport> {
    const { add = [], remove = [], ...rest } = change;
    const installed = rest.installed ?? installedIn(this.environment);
    const leaving = installed.filter(({ name }) => remove.includes(name));
    return applyPlan({
      environment: this.environment,
      installed,
      installer: 'shoal',
      onEvent: (event) => this.events.push(event),
      ...rest,
      remove: leaving,
      add,
    });
  }

  /** Removals that `installedIn` does not find. */
  async remove(removal: Partial<Removal> & Pick<Removal, 'kind' | 'path'>): Promise<ApplyReport> {
    const defaults = { name: normalizeName('old'), version: parseVersion('1.0'), sitePackages: this.site };
    return applyPlan({
      environment: this.environment,
      installed: [],
      installer: 'shoal',
      onEvent: (event) => this.events.push(event),
      remove: [{ ...defaults, ...removal }],
      add: [],
    });
  }

  read(path: string): string {
    return readFileSync(join(this.environment.root, path), 'utf8');
  }

  write(path: string, content: string): void {
    mkdirSync(dirname(join(this.environment.root, path)), { recursive: true });
    writeFileSync(join(this.environment.root, path), content);
  }

  has(path: string): boolean {
    return existsSync(join(this.environment.root, path));
  }

  snapshot(): Readonly<Record<string, string>> {
    return snapshotTree(this.environment.root);
  }

  warnings(): readonly string[] {
    return this.events.flatMap((event) => (event.type === 'warning' ? [event.message] : []));
  }
}
