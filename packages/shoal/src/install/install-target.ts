/**
 * What installing needs to know of an environment, of a wheel and of what is installed: the parts of `environment/` and
 * `fetch/` that this folder reads, named here so that plans and trees can be made by hand.
 */
import type { PinnedTree } from '@shoal/cache';
import type { NormalizedName, Version } from '@shoal/packaging';
import type { WheelNote } from '../fetch/wheel-note.ts';

/** Absolute folders that the parts of a wheel go to (sysconfig's paths; `headers` without the project's name). */
export interface InstallScheme {
  readonly purelib: string;
  readonly platlib: string;
  readonly scripts: string;
  readonly data: string;
  readonly headers: string;
}

/** An environment that is being changed. Its exclusive lock is held by the caller. */
export interface InstallTarget {
  readonly root: string;
  readonly kind: 'virtual' | 'system' | 'target' | 'prefix';
  readonly scheme: InstallScheme;
  readonly interpreter: {
    /** What scripts start with: absolute `sys.executable`. */
    readonly executable: string;
    readonly version: Version;
    readonly markers: { readonly os_name: string };
  };
  /** Scripts find their interpreter beside themselves (`venv --relocatable`). */
  readonly relocatable?: boolean;
}

/** The parts of a pinned tree that installing uses. The caller releases it. */
export type LinkableTree = Pick<PinnedTree, 'folder' | 'manifest' | 'discard' | 'findDamage'>;

/** A wheel to install. */
export interface Addition {
  readonly name: NormalizedName;
  readonly tree: LinkableTree;
  readonly wheel: WheelNote;
  /** Content of `direct_url.json` for a distribution that did not come from an index. */
  readonly directUrl?: string | undefined;
  /** Content of `uv_cache.json` for one that was built from a local folder. */
  readonly uvCacheInfo?: string | undefined;
}

/** An installed distribution, as far as removing it goes. */
export interface Removal {
  readonly name: NormalizedName;
  readonly version: Version;
  readonly kind: 'dist-info' | 'egg-info-folder' | 'egg-info-file' | 'egg-link';
  /** Absolute path of its `.dist-info`, `.egg-info` or `.egg-link`. */
  readonly path: string;
  readonly sitePackages: string;
}
