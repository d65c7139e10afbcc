import { ConfigError } from '../../kit/errors.ts';

/** Throws ConfigError for a command that takes options alone. */
export function noWords(words: readonly string[]): void {
  if (words.length === 0) return;
  throw new ConfigError(`"${words.join(' ')}" is no option; see --help`);
}
