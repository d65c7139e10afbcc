import type { Metric } from '../../metrics/define.ts';
import { catalogue } from '../../metrics/index.ts';
import { recorded } from '../../rules/recording/index.ts';

/** What we emit, read or record, by name. */
export const everySeries: ReadonlyMap<string, Metric> = new Map<string, Metric>([...recorded, ...catalogue]);
