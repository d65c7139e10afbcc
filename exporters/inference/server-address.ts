import { invalid, type Place, textOf } from '../../kit/config-values.ts';
import { ConfigError } from '../../kit/errors.ts';

/** The address of a server, to which paths are added. Throws ConfigError. */
export function serverAddressOf(place: Place): URL {
  const text = textOf(place);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '')
    throw invalid(place, 'an address such as http://10.0.0.5:8000, without a query');
  // Named without its value: it would stand in the log.
  if (url.username !== '' || url.password !== '')
    throw new ConfigError(`${place.where} must not hold a user or password; name a file that holds the key`);
  return url;
}

/** A path at a server. Throws ConfigError. */
export function pathOf(place: Place): string {
  const text = textOf(place);
  if (/^\/[^?#\s]*$/.test(text)) return text;
  throw invalid(place, 'a path such as /metrics');
}
