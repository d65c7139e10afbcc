import { entriesOf, type Place, textOf } from '../config-values.ts';
import { ConfigError } from '../errors.ts';

const maxHeaders = 20;

/** Headers for a server such as Mimir, which wants X-Scope-OrgID. Those with secrets are refused: they belong into files. Throws ConfigError. */
export function readHeaders(place: Place): Readonly<Record<string, string>> {
  const entries = entriesOf(place, maxHeaders).map(([name, value]) => {
    const at = { value, where: `${place.where}.${name}` };
    if (!/^[A-Za-z0-9-]+$/.test(name) || /^(authorization|cookie)$/i.test(name))
      throw new ConfigError(`${at.where} cannot be set here; give secrets by bearer_token_file or password_file`);
    return [name, textOf(at)] as const;
  });
  return Object.fromEntries(entries);
}
