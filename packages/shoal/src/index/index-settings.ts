import type { NormalizedName } from '@shoal/packaging';
import type { IndexLocation } from '../project/distribution-file.ts';

/** Which index may answer for a project that several have. */
export type IndexStrategy = 'first-index' | 'unsafe-first-match' | 'unsafe-best-match';

/** Where projects are looked for. */
export interface IndexSettings {
  /** In order of priority, explicit ones included. */
  readonly indexes: readonly IndexLocation[];
  /** `--find-links`: pages and folders whose files are added to those of the indexes. */
  readonly flat: readonly IndexLocation[];
  /** Only `flat` is used. */
  readonly noIndex: boolean;
  readonly strategy: IndexStrategy;
  /** Projects whose pages are asked for anew, once for each process. */
  readonly refresh: 'none' | 'all' | ReadonlySet<NormalizedName>;
}
