/** The command line itself is wrong: unknown option, missing value, options that exclude each other. Exit status 2. */
export class UsageError extends Error {
  readonly code = 'USAGE';
  readonly tip: string | undefined;
  /** How the command is called, where the command line has the wrong shape rather than a wrong value. */
  readonly usage: string | undefined;

  constructor(message: string, tip?: string, usage?: string) {
    super(message);
    this.tip = tip;
    this.usage = usage;
  }
}
