/** What `--version` says. Loads nothing. */

/** The release of shoal, the same in every package of the repository. */
export const SHOAL_VERSION = '0.1.0';

/**
 * `shoal 0.1.0`, or a line shaped like uv's when the program is called as `uv`, since clients of uv parse it: the first
 * number is then the release of uv whose words this release speaks.
 */
export function versionLine(programName: string, script: string | undefined): string {
  const isUv = [programName, script].some((name) => /(^|[/\\])uv(\.exe)?$/.test(name ?? ''));
  return isUv ? `uv 0.13.9 (shoal ${SHOAL_VERSION})` : `shoal ${SHOAL_VERSION}`;
}
