/** An option or a variable names something that is not there or cannot be used. Exit status 2, without advice on usage. */
export class InputError extends Error {
  readonly code = 'INPUT';
}
