import { readFileSync } from 'node:fs';
import { ConfigError, errnoOf, reasonOf } from '../../../kit/errors.ts';
import { parseYaml } from '../../../kit/yaml.ts';
import type { AlertTheme } from '../../../rules/alert.ts';
import { noOverrides, type Overrides } from './overrides.ts';
import { readOverrides } from './read-overrides.ts';

/** The overrides of a file, none without one. Throws ConfigError. */
export function loadOverrides(path: string | undefined, themes: readonly AlertTheme[]): Overrides {
  if (path === undefined) return noOverrides;
  return readOverrides(path, parseYaml(path, read(path)), themes);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = errnoOf(error) === 'ENOENT' ? 'there is no such file' : reasonOf(error);
    throw new ConfigError(`--rules.overrides ${path}: ${reason}`);
  }
}
