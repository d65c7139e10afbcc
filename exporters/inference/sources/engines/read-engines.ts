import { ConfigError, reasonOf } from '../../../../kit/errors.ts';
import type { ConfiguredEngine } from '../../engines/configured-engine.ts';
import { parseEnginesFile } from '../../engines/engines-file.ts';

/** The engines of `--engines.file`. Throws ConfigError. */
export function readEngines(file: string | undefined, readFile: (path: string) => string): readonly ConfiguredEngine[] {
  if (file === undefined) return [];
  let text: string;
  try {
    text = readFile(file);
  } catch (error) {
    throw new ConfigError(`--engines.file cannot be read: ${reasonOf(error)}`);
  }
  return parseEnginesFile(file, text);
}
