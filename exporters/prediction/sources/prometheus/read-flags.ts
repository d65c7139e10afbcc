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
  /** Of the first that has samples of the GPU. */
  readonly from: readonly Origin[];
  /** Of a selector; the sample as it is where it is left out. */
  readonly exprOf?: (selector: string) => string;
  readonly flagsOf: (value: number) => Flags;
}

/** A metric, or several names of the same one. */
interface Origin {
  readonly names: readonly string[];
  readonly uuid: 'uuid' | 'UUID';
  readonly where?: string;
}

const own = ({ name }: { readonly name: string }, where = ''): Origin => ({ names: [name], uuid: 'uuid', where });
/** dcgm-exporter has other names from DCGM 4.6 on. */
const dcgm = (...names: readonly string[]): Origin => ({ names, uuid: 'UUID' });
const doubleBitOfDcgm = dcgm('DCGM_FI_DEV_RETIRED_DBE', 'DCGM_FI_DEV_PAGE_RETIRED_DBE_TOTAL');
const doubleBitPages = [own(gpu.gpu_retired_pages, 'cause="uncorrectable"'), doubleBitOfDcgm];

/** No GPU has so many rows or pages. DCGM says 2^63 and more where it knows nothing; a rule must not take that for a count. */
const mostOfAnything = 1e9;

/** dcgm-exporter gives flags of row remapping for boards without it, too: it is known to be there only where rows are counted. */
const readings: readonly Reading[] = [
  { from: [own(gpu.gpu_up)], flagsOf: (value) => ({ isOffTheBus: value === 0 }) },
  {
    from: [own(gpu.gpu_row_remap_failure), dcgm('DCGM_FI_DEV_ROW_REMAP_FAILURE', 'DCGM_FI_DEV_ROW_REMAP_FAILED')],
    flagsOf: (value) => ({ hasRemapFailed: value > 0 }),
  },
  {
    from: [own(gpu.gpu_row_remap_pending), dcgm('DCGM_FI_DEV_ROW_REMAP_PENDING')],
    flagsOf: (value) => ({ isRemapPending: value > 0 }),
  },
  {
    from: [
      own(gpu.gpu_remapped_rows_total, 'kind="uncorrectable"'),
      dcgm('DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS', 'DCGM_FI_DEV_ROW_REMAP_UNCORRECTABLE_TOTAL'),
    ],
    flagsOf: (value) => ({ uncorrectableRemaps: value, hasRowRemapping: true }),
  },
  {
    from: [dcgm('DCGM_FI_DEV_THRESHOLD_SRM', 'DCGM_FI_DEV_SRAM_EXCEEDED')],
    flagsOf: (value) => ({ isSramThresholdExceeded: value === 1 }),
  },
  {
    from: [dcgm('DCGM_FI_DEV_MEMORY_UNREPAIRABLE_FLAG', 'DCGM_FI_DEV_MEMORY_UNREPAIRABLE')],
    flagsOf: (value) => ({ isMemoryUnrepairable: value === 1 }),
  },
  { from: doubleBitPages, flagsOf: (value) => ({ doubleBitPages: value }) },
  {
    from: doubleBitPages,
    // Pages are never given back, so the least of the week is how it began, also for a board that came within it.
    exprOf: (selector) => `${selector} - min_over_time(${selector}[1w])`,
    flagsOf: (value) => ({ doubleBitPagesOfWeek: value }),
  },
  {
    from: [own(gpu.gpu_retired_pages_pending), dcgm('DCGM_FI_DEV_RETIRED_PENDING', 'DCGM_FI_DEV_PAGE_RETIRED_PENDING')],
    flagsOf: (value) => ({ isRetirementPending: value > 0 }),
  },
];

/** What is read of each GPU now, by its key. A reading that is not there is left out. */
export async function readFlags(api: InstantApi, request: PresentRequest): Promise<ReadonlyMap<string, Flags>> {
  const found = new Map<string, Flags>();
  const note = (entity: Entity, flags: Flags): void => {
    const key = keyOfEntity(entity);
    found.set(key, { ...flags, ...found.get(key) });
  };
  for (const { from, exprOf, flagsOf } of readings) {
    for (const origin of from)
      await noteAll(api, worstOf(origin, request, exprOf), request, (entity, value) => note(entity, flagsOf(value)));
  }
  for (const expr of retiredExprs(request))
    await noteAll(api, expr, request, (entity, value) => note(entity, { retiredPages: value }));
  await noteAll(api, missingExpr(request), request, (entity, value) => note(entity, { missingScrapes: value }));
  return found;
}

/** Of what two targets say of a GPU, the higher. */
function worstOf(
  { names, uuid, where = '' }: Origin,
  { labels, matchers }: PresentRequest,
  exprOf = (selector: string): string => selector,
): string {
  const each = names.map((name) => exprOf(selectorOf(name, [where, ...matchers])));
  return `max by (${labels.cluster}, ${uuid}) (${each.join(' or ')})`;
}

/** Pages of all causes, as far as they are told. */
function retiredExprs(request: PresentRequest): readonly string[] {
  const { cluster } = request.labels;
  const own = selectorOf(gpu.gpu_retired_pages.name, request.matchers);
  const singleBit = worstOf(dcgm('DCGM_FI_DEV_RETIRED_SBE', 'DCGM_FI_DEV_PAGE_RETIRED_SBE_TOTAL'), request);
  const doubleBit = worstOf(doubleBitOfDcgm, request);
  return [
    `sum by (${cluster}, uuid) (max by (${cluster}, uuid, cause) (${own}))`,
    `${singleBit} + ${doubleBit}`,
    doubleBit,
  ];
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
    if (entity !== undefined && value >= 0 && value < mostOfAnything) note(entity, value);
  }
}
