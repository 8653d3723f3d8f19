import type { WheelFilename } from '@shoal/packaging';
import { formatVersion } from '@shoal/packaging';

/** A wheel that a server has. */
export interface RemoteWheel {
  readonly kind: 'remote';
  readonly filename: WheelFilename;
  /** `http:` or `https:`; a fragment is not part of it. */
  readonly url: string;
  /** What the index or the URL's fragment claims: algorithm -> hexadecimal. */
  readonly hashes: Readonly<Record<string, string>>;
  readonly sizeBytes: number | undefined;
}

/** A wheel in a file. */
export interface LocalWheel {
  readonly kind: 'local';
  readonly filename: WheelFilename;
  readonly path: string;
  readonly hashes: Readonly<Record<string, string>>;
}

export type WheelSource = RemoteWheel | LocalWheel;

/** The wheel as messages name it: `numpy==2.0.0`. */
export function describeWheel(source: WheelSource): string {
  return `${source.filename.name}==${formatVersion(source.filename.version)}`;
}
