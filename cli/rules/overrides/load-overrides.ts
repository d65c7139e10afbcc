import { readFileSync } from 'node:fs';
import { ConfigError, errnoOf, reasonOf } from '../../../kit/errors.ts';
import { parseYaml } from '../../../kit/yaml.ts';
import { sloAlerts } from '../../../rules/slo/alerts.ts';
import { allThemes } from '../../../rules/themes.ts';
import type { UserObjectives } from '../../generate/slo/slo-file.ts';
import { noOverrides, type Overrides } from './overrides.ts';
import { readOverrides } from './read-overrides.ts';

/** The overrides of a file, none without one: of our alerts, and of those of the objectives of a user. Throws ConfigError. */
export function loadOverrides(path: string | undefined, objectives: UserObjectives | undefined): Overrides {
  if (path === undefined) return noOverrides;
  const themes = [...allThemes, ...(objectives?.slos ?? []).map(sloAlerts)];
  return readOverrides(path, parseYaml(path, read(path)), { themes, objectivesFile: objectives?.file });
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = errnoOf(error) === 'ENOENT' ? 'there is no such file' : reasonOf(error);
    throw new ConfigError(`--rules.overrides ${path}: ${reason}`);
  }
}
