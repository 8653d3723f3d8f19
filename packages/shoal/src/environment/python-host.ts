/** What looking for interpreters needs to know of the process around it. */
import type { RecordStore } from '@shoal/cache';

export interface PythonHost {
  /** Keeps what was learnt of interpreters, so that asking again starts no process. */
  readonly cache: { readonly records: Pick<RecordStore, 'readOrProduce'> };
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Absolute: where `.venv` and version files are looked for first, and where relative paths start. */
  readonly workingFolder: string;
  /** Absolute. */
  readonly homeFolder: string;
  readonly signal?: AbortSignal | undefined;
}

/** A variable's value; the empty string counts as unset. */
export function variable(host: Pick<PythonHost, 'variables'>, name: string): string | undefined {
  return host.variables[name] || undefined;
}

/** A setting of this program, `SHOAL_<name>`, or of uv, `UV_<name>`, when ours is unset. */
export function setting(host: Pick<PythonHost, 'variables'>, name: string): string | undefined {
  return variable(host, `SHOAL_${name}`) ?? variable(host, `UV_${name}`);
}
