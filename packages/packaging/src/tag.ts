/** Compatibility tags of wheels (PEP 425): `cp312-abi3-manylinux_2_17_x86_64`. */

/** One tag, each part in lower case. */
export interface Tag {
  /** `cp312`, `py3`, `pp310`. */
  readonly interpreter: string;
  /** `cp312`, `abi3`, `none`. */
  readonly abi: string;
  /** `manylinux_2_17_x86_64`, `win_amd64`, `any`. */
  readonly platform: string;
}

/** What a wheel's filename says it runs on: every combination of the three lists. */
export interface TagSet {
  readonly pythons: readonly string[];
  readonly abis: readonly string[];
  readonly platforms: readonly string[];
}

/**
 * The tags that a compressed tag set stands for, in the order of its parts.
 *
 * @param text `cp312.cp313-abi3-manylinux_2_17_x86_64`
 * @returns `undefined` unless there are three parts of nothing but names.
 */
export function parseTagSet(text: string): readonly Tag[] | undefined {
  const [pythons, abis, platforms, ...others] = text
    .toLowerCase()
    .split('-')
    .map((part) => part.split('.'));
  if (pythons === undefined || abis === undefined || platforms === undefined || others.length > 0) return undefined;
  if ([pythons, abis, platforms].some((names) => names.includes(''))) return undefined;
  return pythons.flatMap((interpreter) =>
    abis.flatMap((abi) => platforms.map((platform) => ({ interpreter, abi, platform }))),
  );
}

export function formatTag({ interpreter, abi, platform }: Tag): string {
  return `${interpreter}-${abi}-${platform}`;
}
