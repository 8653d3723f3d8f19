/** Names of tags for people: `CPython 3.12 (`cp312`)`. */
import type { ResolveTarget } from './resolve-input.ts';
import { versionOfPythonTag } from './wheel-python.ts';

export type TagPart = 'interpreter' | 'abi' | 'platform';

const implementations: Readonly<Record<string, string>> = {
  py: 'Python',
  cp: 'CPython',
  pp: 'PyPy',
  graalpy: 'GraalPy',
  pt: 'Pyston',
};

/** The part of the best supported tag. */
export function bestTagPart(target: ResolveTarget, part: TagPart): string | undefined {
  return target.kind === 'environment' ? target.tagList?.[0]?.[part] : undefined;
}

/** The same, with its name where it has one. */
export function bestTagOf(target: ResolveTarget, part: TagPart): string | undefined {
  const tag = bestTagPart(target, part);
  if (tag === undefined) return undefined;
  const version = versionOfPythonTag(tag.replace(/t$/, ''));
  const implementation = version === undefined ? undefined : implementations[version.family];
  if (version === undefined || implementation === undefined) return tag;
  const number = version.minor === undefined ? `${version.major}` : `${version.major}.${version.minor}`;
  const freeThreaded = part === 'abi' && tag.endsWith('t') ? ' (free-threaded)' : '';
  return `${implementation} ${number}${freeThreaded} (\`${tag}\`)`;
}
