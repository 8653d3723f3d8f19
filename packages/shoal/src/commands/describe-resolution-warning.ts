import { formatVersion } from '@shoal/packaging';
import type { ResolutionWarning } from '../resolve/resolution.ts';

/** A warning of the solver in uv's words. */
export function describeResolutionWarning(warning: ResolutionWarning): string {
  switch (warning.kind) {
    case 'yanked':
      return `\`${warning.name}==${formatVersion(warning.version)}\` is yanked${warning.reason === '' ? '' : ` (reason: "${warning.reason}")`}`;
    case 'missing-extra':
      return `The package \`${warning.name}==${formatVersion(warning.version)}\` does not have an extra named \`${warning.extra}\``;
    case 'missing-lower-bound':
      return warning.direct
        ? `The direct dependency \`${warning.name}\` is unpinned. Consider setting a lower bound when using \`--resolution lowest\` or \`--resolution lowest-direct\` to avoid using outdated versions.`
        : `The transitive dependency \`${warning.name}\` is unpinned. Consider setting a lower bound with a constraint when using \`--resolution lowest\` to avoid using outdated versions.`;
    case 'missing-upload-time':
      return `${warning.filename} is missing an upload date, but user provided: \`--exclude-newer\``;
  }
}
