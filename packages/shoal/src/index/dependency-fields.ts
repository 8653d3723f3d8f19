const KEPT = /^(?:Metadata-Version|Name|Version|Requires-Dist|Requires-Python|Provides-Extra|Dynamic)[ \t]*:/i;

/**
 * The header lines of core metadata that resolving reads, as they stand; descriptions and licences are most of the text,
 * and a cached answer is parsed in each process.
 */
export function keepDependencyFields(metadata: string): string {
  const kept: string[] = [];
  let isKept = false;
  for (const line of metadata.split(/\r?\n/)) {
    if (line === '') break;
    if (!/^[ \t]/.test(line)) isKept = KEPT.test(line);
    if (isKept) kept.push(line);
  }
  return `${kept.join('\n')}\n\n`;
}
