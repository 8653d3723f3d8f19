import { OperationalError } from '@shoal/cache';

/** A file was named to read requirements from, and only a build of its project could tell them. */
export class DynamicRequirementsError extends OperationalError {
  override readonly code = 'DYNAMIC_REQUIREMENTS';

  constructor(shown: string) {
    super(`The requirements of \`${shown}\` are not written in it: its build backend makes them up`, {
      hint: 'Name the folder of the project instead of the file',
    });
  }
}
