import { gpu } from '../../../../metrics/gpu.ts';
import { type Entity, type EntityKind, keyOfEntity } from '../../entity.ts';
import type { FeatureTable } from '../../features/feature-table.ts';
import { hostOf } from '../../labels/labels-of.ts';
import type { HistoryApi } from './history-api.ts';
import { selectorOf } from './matchers.ts';
import { gpuOf, type LabelNames, nodeEntityOf } from './series-labels.ts';

/** Who was there at each midnight, for rates of failures where no features are read. */
export interface Presence {
  /** Reads the midnights of a stretch that were not read yet, and forgets those before it. Rejects with SourceError; the next call goes on where it was. */
  readonly readUntil: (
    span: { readonly fromMs: number; readonly untilMs: number },
    signal: AbortSignal,
  ) => Promise<void>;
  /** A row of each entity and midnight, without columns; of each second, third, … day where there are more than `mostRows`. */
  readonly table: (kind: EntityKind, mostRows: number) => FeatureTable;
}

export interface PresenceDeps {
  readonly api: HistoryApi;
  readonly labels: LabelNames;
  readonly matchers: readonly string[];
}

interface Member {
  readonly entity: Entity;
  /** Since 1970, ascending. */
  readonly days: readonly number[];
}

const dayMs = 86_400_000;
/** Of one query. */
const stretchDays = 30;
const inventories = [gpu.gpu_info.name, 'DCGM_FI_DEV_GPU_TEMP', 'DCGM_FI_DEV_GPU_TEMP_CELSIUS'];

export function createPresence(deps: PresenceDeps): Presence {
  const members = new Map<string, Member>();
  let readDay = Number.NEGATIVE_INFINITY;

  function forgetBefore(day: number): void {
    for (const [key, { entity, days }] of members) {
      const kept = days.filter((each) => each >= day);
      if (kept.length === 0) members.delete(key);
      else members.set(key, { entity, days: kept });
    }
  }

  return {
    readUntil: async ({ fromMs, untilMs }, signal) => {
      const firstDay = Math.floor(fromMs / dayMs) + 1;
      const lastDay = Math.floor(untilMs / dayMs);
      forgetBefore(firstDay);
      for (let from = Math.max(firstDay, readDay + 1); from <= lastDay; from = readDay + 1) {
        const until = Math.min(lastDay, from + stretchDays - 1);
        for (const [key, { entity, days }] of await readDays(deps, from, until, signal)) {
          const known = members.get(key)?.days ?? [];
          members.set(key, { entity, days: [...known, ...[...days].sort((a, b) => a - b)] });
        }
        readDay = until;
      }
    },
    table: (kind, mostRows) =>
      tableOf(
        [...members.values()].filter(({ entity }) => entity.kind === kind),
        mostRows,
      ),
  };
}

interface Sighting {
  readonly entity: Entity;
  readonly days: Set<number>;
}

async function readDays(
  { api, labels: names, matchers }: PresenceDeps,
  from: number,
  until: number,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Sighting>> {
  const found = new Map<string, Sighting>();
  const see = (entity: Entity | undefined, timesMs: Float64Array): void => {
    if (entity === undefined || (entity.kind === 'node' && entity.node === '')) return;
    const key = keyOfEntity(entity);
    const days = found.get(key)?.days ?? new Set();
    found.set(key, { entity, days });
    for (const ms of timesMs) days.add(Math.round(ms / dayMs));
  };
  const span = { startMs: from * dayMs, endMs: until * dayMs, stepMs: dayMs };
  const ask = (selector: string, by: readonly string[]) =>
    api.range(`group by (${[names.cluster, names.node, ...by].join(', ')}) (${selector})`, span, signal);
  for (const metric of inventories) {
    for (const { labels, timesMs } of await ask(selectorOf(metric, matchers), [
      'Hostname',
      'instance',
      'uuid',
      'UUID',
    ])) {
      const entity = gpuOf(labels, names);
      see(entity, timesMs);
      if (entity !== undefined) see(hostOf(entity), timesMs);
    }
  }
  for (const { labels, timesMs } of await ask(selectorOf('up', [`${names.node}!=""`, ...matchers]), []))
    see(nodeEntityOf(labels, names), timesMs);
  return found;
}

function tableOf(members: readonly Member[], mostRows: number): FeatureTable {
  const all = members.reduce((sum, { days }) => sum + days.length, 0);
  const every = Math.max(1, Math.ceil(all / mostRows));
  const entities = members.map(({ entity }) => entity).sort((a, b) => (keyOfEntity(a) < keyOfEntity(b) ? -1 : 1));
  const numbers = new Map(entities.map((entity, at) => [keyOfEntity(entity), at]));
  /** Day and entity as one number, so that rows are in order of both. */
  const rows = Float64Array.from(
    members.flatMap(({ entity, days }) => {
      const at = numbers.get(keyOfEntity(entity)) ?? 0;
      return days.filter((day) => day % every === 0).map((day) => day * entities.length + at);
    }),
  ).sort();
  return {
    schema: { version: 0, names: [] },
    entities,
    entity: Uint32Array.from(rows, (row) => row % entities.length),
    atMs: rows.map((row) => Math.floor(row / entities.length) * dayMs),
    values: new Float32Array(0),
  };
}
