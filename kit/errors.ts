/** The user can fix it: printed as one line that names the place, the bad value and what is allowed; exit status 2. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(message: string) {
    super(oneLine(message));
  }
}

/** The outside world failed: a file, a server, the hardware. Caught once, in the collector runner. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
}

/** What was thrown, in words; foreign code may throw anything. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The code of an error of the operating system such as ENOENT; undefined for any other error. */
export function errnoOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
}

/** Part of the message is what somebody typed: it must not break the line, nor reach the terminal as an escape sequence. */
function oneLine(message: string): string {
  return message.replaceAll(/\p{Cc}/gu, (control) => `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
