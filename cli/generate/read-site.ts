import { readFileSync } from 'node:fs';
import { parseSite, type Site } from '../../alertmanager/site.ts';
import { ConfigError, reasonOf } from '../../kit/errors.ts';
import { parseYaml } from '../../kit/yaml.ts';

/** The site in a YAML file. Throws ConfigError with what is wrong in it. */
export function readSite(path: string): Site {
  return inSite(path, () => parseSite(parseYaml(path, readFileSync(path, 'utf8'))));
}

/** Tells of a fault in a site as one of the file. */
export function inSite<T>(path: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`--site ${path}: ${reasonOf(error)}`);
  }
}
