/** The file WHEEL of a wheel's `.dist-info` folder. @see https://packaging.python.org/en/latest/specifications/binary-distribution-format/#file-contents */
import { PackagingError } from './errors.ts';
import { parseHeaderFields } from './header-fields.ts';

export interface WheelFile {
  readonly version: { readonly major: number; readonly minor: number };
  readonly rootIsPurelib: boolean;
  readonly generator: string | undefined;
  /** Expanded tags, as written: `py3-none-any`. */
  readonly tags: readonly string[];
}

/** A WHEEL file that is not one. */
export class InvalidWheelFileError extends PackagingError {
  constructor(reason: string) {
    super('INVALID_WHEEL_FILE', `The WHEEL file is invalid: ${reason}`);
  }
}

/** @throws {InvalidWheelFileError} */
export function parseWheelFile(text: string): WheelFile {
  const { values } = parseHeaderFields(text);
  const written = values.get('wheel-version')?.[0];
  const found = /^(\d+)\.(\d+)$/.exec(written ?? '');
  if (found === null)
    throw new InvalidWheelFileError(
      written === undefined ? 'it has no Wheel-Version' : `Wheel-Version is \`${written}\``,
    );
  return {
    version: { major: Number(found[1]), minor: Number(found[2]) },
    rootIsPurelib: values.get('root-is-purelib')?.[0]?.toLowerCase() === 'true',
    generator: values.get('generator')?.[0],
    tags: values.get('tag') ?? [],
  };
}
