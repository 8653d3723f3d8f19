/** `direct_url.json` (PEP 610). @see https://packaging.python.org/en/latest/specifications/direct-url-data-structure/ */
import { PackagingError } from './errors.ts';

/** Where a distribution came from that no index gave. */
export interface DirectUrl {
  readonly url: string;
  readonly subdirectory?: string;
  readonly origin:
    | {
        readonly kind: 'archive';
        /** Algorithm -> hexadecimal digest. */ readonly hashes: Readonly<Record<string, string>>;
      }
    | { readonly kind: 'directory'; readonly editable: boolean }
    | { readonly kind: 'vcs'; readonly vcs: string; readonly commit: string; readonly requestedRevision?: string };
}

/** A `direct_url.json` that is not one. */
export class InvalidDirectUrlError extends PackagingError {
  constructor(reason: string, options?: ErrorOptions) {
    super('INVALID_DIRECT_URL', `direct_url.json is invalid: ${reason}`, options);
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** @throws {InvalidDirectUrlError} */
export function parseDirectUrl(text: string): DirectUrl {
  const fields = parseObject(text);
  const url = fields['url'];
  if (typeof url !== 'string') throw new InvalidDirectUrlError('`url` is missing');
  const subdirectory = fields['subdirectory'];
  return { url, ...(typeof subdirectory === 'string' ? { subdirectory } : {}), origin: originOf(fields) };
}

function parseObject(text: string): Fields {
  try {
    const parsed: unknown = JSON.parse(text);
    if (isFields(parsed)) return parsed;
  } catch (error) {
    if (error instanceof SyntaxError) throw new InvalidDirectUrlError('it is not JSON', { cause: error });
    throw error;
  }
  throw new InvalidDirectUrlError('it is not an object');
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function originOf(fields: Fields): DirectUrl['origin'] {
  const { archive_info: archive, dir_info: directory, vcs_info: vcs } = fields;
  if (isFields(archive)) return { kind: 'archive', hashes: hashesOf(archive) };
  if (isFields(directory)) return { kind: 'directory', editable: directory['editable'] === true };
  if (!isFields(vcs)) throw new InvalidDirectUrlError('none of `archive_info`, `dir_info` and `vcs_info` is there');
  const { vcs: system, commit_id: commit, requested_revision: requested } = vcs;
  if (typeof system !== 'string' || typeof commit !== 'string')
    throw new InvalidDirectUrlError('`vcs_info` has no `vcs` or no `commit_id`');
  return {
    kind: 'vcs',
    vcs: system,
    commit,
    ...(typeof requested === 'string' ? { requestedRevision: requested } : {}),
  };
}

/** `hashes`, and the older single `hash` (`algorithm=digest`). */
function hashesOf(archive: Fields): Record<string, string> {
  const hashes: Record<string, string> = {};
  const [, algorithm, digest] = /^([^=]+)=(.+)$/.exec(typeof archive['hash'] === 'string' ? archive['hash'] : '') ?? [];
  if (algorithm !== undefined && digest !== undefined) hashes[algorithm] = digest;
  if (!isFields(archive['hashes'])) return hashes;
  for (const [name, value] of Object.entries(archive['hashes'])) if (typeof value === 'string') hashes[name] = value;
  return hashes;
}

/** The text of the file, on one line, without a line end, keys in uv's order. Credentials do not belong into `url`. */
export function formatDirectUrl({ url, subdirectory, origin }: DirectUrl): string {
  const rest = subdirectory === undefined ? {} : { subdirectory };
  if (origin.kind === 'archive')
    return JSON.stringify({
      url,
      archive_info: Object.keys(origin.hashes).length === 0 ? {} : { hashes: origin.hashes },
      ...rest,
    });
  if (origin.kind === 'directory')
    return JSON.stringify({ url, dir_info: origin.editable ? { editable: true } : {}, ...rest });
  const requested = origin.requestedRevision === undefined ? {} : { requested_revision: origin.requestedRevision };
  return JSON.stringify({ url, vcs_info: { vcs: origin.vcs, commit_id: origin.commit, ...requested }, ...rest });
}
