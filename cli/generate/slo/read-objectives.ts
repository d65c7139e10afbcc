import { readFileSync } from 'node:fs';
import { ConfigError, reasonOf } from '../../../kit/errors.ts';
import { parseYaml } from '../../../kit/yaml.ts';
import { parseSlos, type UserObjectives } from './slo-file.ts';

/** The objectives of a file, none without one. Throws ConfigError. */
export function readObjectives(file: string | undefined): UserObjectives | undefined {
  if (file === undefined) return undefined;
  try {
    return { file, slos: parseSlos({ where: file, value: parseYaml(file, readFileSync(file, 'utf8')) }) };
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`--slo.file ${file}: ${reasonOf(error)}`);
  }
}
