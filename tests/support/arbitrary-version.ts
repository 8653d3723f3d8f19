/** Versions as people write them, for property and differential tests. */
import { formatVersion, parseVersion } from '@shoal/packaging';
import * as fc from 'fast-check';

const number = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: 0, max: 3 }).map(String) },
  { weight: 3, arbitrary: fc.constantFrom('10', '16383', '16384', '33554431', '33554432', '20240101', '007', '00') },
  { weight: 1, arbitrary: fc.constantFrom('9007199254740993', '9007199254740992', '123456789012345678901234567890') },
);
const separator = fc.constantFrom('', '.', '-', '_');
const optionalNumber = fc.option(number, { nil: '' });

/** Few distinct small numbers, so that equal and neighbouring versions are common; any spelling of a suffix. */
export const arbitraryVersionText: fc.Arbitrary<string> = fc
  .record({
    prefix: fc.constantFrom('', '', '', '', 'v', 'V', ' '),
    epoch: fc.option(number, { nil: undefined, freq: 10 }),
    release: fc.array(number, { minLength: 1, maxLength: 4 }),
    pre: fc.option(
      fc.tuple(
        separator,
        fc.constantFrom('a', 'b', 'rc', 'c', 'alpha', 'BETA', 'pre', 'preview'),
        separator,
        optionalNumber,
      ),
      { nil: undefined, freq: 3 },
    ),
    post: fc.option(
      fc.oneof(
        fc.tuple(separator, fc.constantFrom('post', 'r', 'rev', 'POST'), separator, optionalNumber),
        number.map((digits) => ['-', digits]),
      ),
      { nil: undefined, freq: 3 },
    ),
    dev: fc.option(fc.tuple(separator, fc.constantFrom('dev', 'DEV'), separator, optionalNumber), {
      nil: undefined,
      freq: 3,
    }),
    local: fc.option(
      fc.array(fc.constantFrom('0', '1', '01', 'a', 'ab', 'B', '1a', '10'), { minLength: 1, maxLength: 3 }),
      { nil: undefined, freq: 4 },
    ),
  })
  .map(({ prefix, epoch, release, pre, post, dev, local }) => {
    const suffixes = [pre, post, dev].flatMap((part) => part ?? []).join('');
    return `${prefix}${epoch === undefined ? '' : `${epoch}!`}${release.join('.')}${suffixes}${local === undefined ? '' : `+${local.join('-')}`}`;
  });

/** Specifier sets of one to three specifiers, all valid by PEP 440. */
export const arbitrarySpecifierSetText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc
        .tuple(fc.constantFrom('==', '!='), arbitraryVersionText)
        .map(([operator, version]) => operator + version.trim()),
      fc
        .tuple(fc.constantFrom('<', '>', '<=', '>=', '< ', '>= '), arbitraryVersionText)
        .map(([operator, version]) => operator + withoutLocal(version)),
      fc
        .tuple(fc.constantFrom('==', '!='), arbitraryVersionText)
        .map(([operator, version]) => `${operator}${releaseOf(version)}.*`),
      arbitraryVersionText.map((version) => `~=${compatible(version)}`),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((specifiers) => specifiers.join(','));

function withoutLocal(version: string): string {
  return version.trim().replace(/\+.*/, '');
}

function releaseOf(version: string): string {
  return /^\s*v?(?:\d+!)?\d+(?:\.\d+)*/i.exec(version)?.[0].trim() ?? '1';
}

/**
 * With two release numbers or more, and in the normalized spelling: packaging 26.2 compares the text of the prefix as
 * written, so that it finds no 1.2 in `~=v1.1` (its 26.3 does).
 */
function compatible(version: string): string {
  return formatVersion(parseVersion(withoutLocal(version))).replace(/^(?:\d+!)?\d+(?!\d|\.\d|!)/, '$&.1');
}
