/** The code of an error of the operating system such as ENOENT; undefined for any other error. */
export function errnoOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
}
