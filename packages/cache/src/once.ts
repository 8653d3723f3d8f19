/** The function that calls `make` the first time and remembers what it returned. A failure is not remembered. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
