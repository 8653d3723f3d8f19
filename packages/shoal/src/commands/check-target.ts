/** What the distributions of an environment are checked for unless something else is asked: its own interpreter. */
import { supportedTags } from '@shoal/packaging';
import type { Environment } from '../environment/environment.ts';
import type { CheckTarget } from './check-installed.ts';

export function ownTarget({ interpreter }: Pick<Environment, 'interpreter'>): CheckTarget {
  return { markers: interpreter.markers, python: interpreter.version, tags: supportedTags(interpreter.tags) };
}
