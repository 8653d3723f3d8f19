/**
 * What URL requirements require, found out before solving: their own URL dependencies are allowed as if the user had
 * written them.
 */
import type { Requirement } from '@shoal/packaging';
import type { Provider } from './provider.ts';
import type { ResolveInput } from './resolve-input.ts';

export async function fetchLookaheads(input: ResolveInput, provider: Provider): Promise<readonly Requirement[]> {
  if (input.dependencyMode === 'direct') return [];
  const found: Requirement[] = [];
  const seen = new Set<string>();
  let level = [...input.requirements, ...input.constraints, ...input.overrides].map(({ requirement }) => requirement);
  while (level.length > 0) {
    const next = await Promise.all(level.map((requirement) => requirementsBehind(requirement, provider, seen)));
    level = next.flat();
    found.push(...level);
  }
  return found.filter((requirement) => requirement.url !== undefined);
}

async function requirementsBehind(
  { name, url }: Requirement,
  provider: Provider,
  seen: Set<string>,
): Promise<readonly Requirement[]> {
  if (url === undefined || seen.has(`${name} ${url}`)) return [];
  seen.add(`${name} ${url}`);
  const answer = await provider.fetchUrlDependencies({ name, url });
  return answer.kind === 'found' ? answer.metadata.requiresDist : [];
}
