import { optional, type Place } from '../../../kit/config-values.ts';
import { momentOf } from '../pricing/read-values.ts';
import { durationMsOf } from '../sources/config/fields.ts';
import { type CollectionSettings, defaultCollection } from './collection-settings.ts';

const longestRecheckSeconds = 14 * 86_400;

/** Reads `start` and `recheck` of the configuration. A date begins in UTC. Throws ConfigError that names the place. */
export function readCollectionSettings(
  start: Place,
  recheck: Place,
): Pick<CollectionSettings, 'startMs' | 'recheckMs'> {
  return {
    startMs: optional(start, (place) => momentOf(place, 'UTC')),
    recheckMs:
      optional(recheck, (place) => durationMsOf(place, 0, longestRecheckSeconds)) ?? defaultCollection.recheckMs,
  };
}
