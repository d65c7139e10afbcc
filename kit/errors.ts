/** The user can fix it: printed as one line that names the place, the bad value and what is allowed; exit status 2. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** The outside world failed: a file, a server, the hardware. Caught once, in the collector runner. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
}
