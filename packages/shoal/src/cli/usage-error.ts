/** The command line itself is wrong: unknown option, missing value, options that exclude each other. Exit status 2. */
export class UsageError extends Error {
  readonly code = 'USAGE';
  readonly tip: string | undefined;

  constructor(message: string, tip?: string) {
    super(message);
    this.tip = tip;
  }
}
