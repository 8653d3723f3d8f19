import type { OptionSpec } from '../option-spec.ts';

/** For commands whose answer a program may want to read. */
export const outputFormatOption: OptionSpec = {
  key: 'outputFormat',
  long: '--output-format',
  value: 'OUTPUT_FORMAT',
  choices: ['text', 'json'],
  description: 'The format in which the output should be displayed',
};
