import { gpu } from '../../../../metrics/gpu.ts';
import { type Entity, keyOfEntity } from '../../entity.ts';
import type { EntityFacts } from '../../risk/facts.ts';
import { selectorOf } from './matchers.ts';
import type { InstantApi } from './named-cluster.ts';
import type { PresentRequest } from './read-present.ts';
import { gpuOf } from './series-labels.ts';

/** What of the facts is a reading of now. */
export type Flags = Partial<Omit<EntityFacts, 'entity' | 'atMs' | 'xids' | 'inServiceSinceMs' | 'vanishedSinceMs'>>;

interface Reading {
  /** Of the first metric that has samples of the GPU. */
  readonly from: readonly { readonly metric: string; readonly uuid: 'uuid' | 'UUID'; readonly where?: string }[];
  readonly flagsOf: (value: number) => Flags;
}

const own = (metric: { readonly name: string }, where?: string) =>
  ({ metric: metric.name, uuid: 'uuid', ...(where === undefined ? {} : { where }) }) as const;
const dcgm = (metric: string) => ({ metric, uuid: 'UUID' }) as const;

/** dcgm-exporter gives flags of row remapping for boards without it, too: it is known to be there only where rows are counted. */
const readings: readonly Reading[] = [
  { from: [own(gpu.gpu_up)], flagsOf: (value) => ({ isOffTheBus: value === 0 }) },
  {
    from: [own(gpu.gpu_row_remap_failure), dcgm('DCGM_FI_DEV_ROW_REMAP_FAILURE')],
    flagsOf: (value) => ({ hasRemapFailed: value > 0 }),
  },
  {
    from: [own(gpu.gpu_row_remap_pending), dcgm('DCGM_FI_DEV_ROW_REMAP_PENDING')],
    flagsOf: (value) => ({ isRemapPending: value > 0 }),
  },
  {
    from: [own(gpu.gpu_remapped_rows_total, 'kind="uncorrectable"'), dcgm('DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS')],
    flagsOf: (value) => ({ uncorrectableRemaps: value, hasRowRemapping: true }),
  },
  { from: [own(gpu.gpu_retired_pages, 'cause="uncorrectable"')], flagsOf: (value) => ({ doubleBitPages: value }) },
  { from: [own(gpu.gpu_retired_pages_pending)], flagsOf: (value) => ({ isRetirementPending: value > 0 }) },
];

/** What is read of each GPU now, by its key. A reading that is not there is left out. */
export async function readFlags(api: InstantApi, request: PresentRequest): Promise<ReadonlyMap<string, Flags>> {
  const found = new Map<string, Flags>();
  const note = (entity: Entity, flags: Flags): void => {
    const key = keyOfEntity(entity);
    found.set(key, { ...flags, ...found.get(key) });
  };
  for (const { from, flagsOf } of readings) {
    for (const { metric, uuid, where = '' } of from) {
      const by = `${request.labels.cluster}, ${uuid}`;
      const expr = `max by (${by}) (${selectorOf(metric, [where, ...request.matchers])})`;
      await noteAll(api, expr, request, (entity, value) => note(entity, flagsOf(value)));
    }
  }
  const pages = selectorOf(gpu.gpu_retired_pages.name, request.matchers);
  const all = `sum by (${request.labels.cluster}, uuid) (${pages})`;
  await noteAll(api, all, request, (entity, value) => note(entity, { retiredPages: value }));
  await noteAll(api, missingExpr(request), request, (entity, value) => note(entity, { missingScrapes: value }));
  return found;
}

/**
 * Share of the scrapes of the last hour that answered and did not show the GPU, of those that were there an hour ago: one that has just been installed has no
 * gaps.
 */
function missingExpr({ labels, matchers }: PresentRequest): string {
  const present = selectorOf(gpu.gpu_up.name, matchers);
  const seen = `count_over_time(${present}[1h]) and ${present} offset 1h`;
  const scrapes = `sum_over_time(${selectorOf('up', matchers)}[1h])`;
  const share = `1 - (${seen}) / on (job, instance) group_left () (${scrapes} > 0)`;
  return `max by (${labels.cluster}, uuid) (clamp_min(${share}, 0))`;
}

async function noteAll(
  api: InstantApi,
  expr: string,
  { atMs, signal, labels: names }: PresentRequest,
  note: (entity: Entity, value: number) => void,
): Promise<void> {
  const { samples } = await api.query(expr, { timeSeconds: atMs / 1000, signal });
  for (const { labels, value } of samples) {
    const entity = gpuOf(labels, names);
    if (entity !== undefined && Number.isFinite(value)) note(entity, value);
  }
}
