import { OperationalError } from '@shoal/cache';

/** Something would have to be built that only a wheel can stand in for in this release. */
export class UnbuildableSourceError extends OperationalError {
  override readonly code = 'UNBUILDABLE_SOURCE';

  constructor(what: string, kind: string) {
    super(`Cannot install \`${what}\`: it is ${kind}, and this release installs wheels only`, {
      hint: 'Build a wheel first, for example with `python -m build --wheel`, and install that file',
    });
  }
}
