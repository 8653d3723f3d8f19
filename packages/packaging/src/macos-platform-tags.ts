/** Platform tags of macOS: one version accepts wheels of all older ones, and of files that hold several architectures. */

/** Single-architecture builds first, then the kinds of fat binaries that include it. */
const BINARY_FORMATS: ReadonlyMap<string, readonly string[]> = new Map([
  ['aarch64', ['arm64', 'universal2']],
  ['x86_64', ['x86_64', 'intel', 'fat64', 'fat32', 'universal2', 'universal']],
  ['i686', ['i386', 'intel', 'fat32', 'fat', 'universal']],
  ['ppc64', ['ppc64', 'fat64', 'universal']],
  ['ppc', ['ppc', 'fat32', 'fat', 'universal']],
]);

/** Until 10.16 the minor number rose each year; since 11 the major one does, and wheels carry minor 0. */
export function macosPlatformTags([major, minor]: readonly [number, number], arch: string): readonly string[] {
  const formats = BINARY_FORMATS.get(arch) ?? [arch];
  if (major < 11)
    return versionTags(
      countDown(minor, 4).map((version) => [10, version]),
      formats,
    );
  const current = versionTags(
    countDown(major, 11).map((version) => [version, 0]),
    formats,
  );
  const legacyFormats = arch === 'aarch64' ? ['universal2'] : formats;
  return [
    ...current,
    ...versionTags(
      countDown(16, 4).map((version) => [10, version]),
      legacyFormats,
    ),
  ];
}

function versionTags(versions: readonly (readonly [number, number])[], formats: readonly string[]): readonly string[] {
  return versions.flatMap(([major, minor]) => formats.map((format) => `macosx_${major}_${minor}_${format}`));
}

function countDown(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(from - to + 1, 0) }, (_, index) => from - index);
}
