import type { EntityFacts } from '../../../../../exporters/prediction/risk/facts.ts';
import { rulesOf } from '../../../../../exporters/prediction/risk/rules/rules-of.ts';
import { type Flags, readFlags } from '../../../../../exporters/prediction/sources/prometheus/read-flags.ts';
import { defaultLabelNames } from '../../../../../exporters/prediction/sources/prometheus/series-labels.ts';
import { createPrometheusApi } from '../../../../../kit/prometheus-api.ts';
import { type RunningPrometheus, startPrometheus } from '../../../../support/prometheus.ts';
import { type Blocks, blocksOf } from '../../../../support/scraped.ts';
import { gpu } from '../../fleet.ts';

const endSeconds = 1_700_006_400;
const dayS = 86_400;
/** Eight days by the hour; dcgm-exporter was updated, and its names with it, two days before the end. */
const times = Array.from({ length: 8 * 24 + 1 }, (_, at) => endSeconds - 8 * dayS + at * 3600);
const updated = endSeconds - 2 * dayS;
let blocks: Blocks;
let server: RunningPrometheus;

type Value = (at: number) => number;

const ours = (uuid: string, more = '') => `{cluster="prod",node="n",job="gpu",instance="n:1",uuid="${uuid}"${more}}`;
const theirs = (uuid: string) => `{cluster="prod",job="dcgm",instance="n:2",UUID="${uuid}",Hostname="n"}`;
const pagesOf: Value = (at) => (at < endSeconds - 3 * dayS ? 14 : 17);

/** Each family as lines of time; `only` is when it was there. */
function family(name: string, labels: string, value: Value, only: (at: number) => boolean = () => true): string {
  return times
    .filter(only)
    .map((at) => `${name}${labels} ${value(at)} ${at}`)
    .join('\n');
}

function samples(): string {
  const isNew = (at: number): boolean => at >= updated;
  const isOld = (at: number): boolean => at < updated;
  const families: Readonly<Record<string, readonly string[]>> = {
    gpu_up: ['1', '2', '6'].map((each) => family('gpu_up', ours(`GPU-${each}`), () => 1)),
    up: [family('up', '{cluster="prod",job="gpu",instance="n:1"}', () => 1)],
    gpu_retired_pages: [
      family('gpu_retired_pages', ours('GPU-1', ',cause="uncorrectable"'), pagesOf),
      family('gpu_retired_pages', ours('GPU-1', ',cause="correctable"'), () => 3),
      family('gpu_retired_pages', ours('GPU-2', ',cause="uncorrectable"'), () => 17),
      family('gpu_retired_pages', ours('GPU-2', ',cause="correctable"'), () => 46),
    ],
    DCGM_FI_DEV_RETIRED_DBE: [family('DCGM_FI_DEV_RETIRED_DBE', theirs('GPU-3'), pagesOf, isOld)],
    DCGM_FI_DEV_PAGE_RETIRED_DBE_TOTAL: [
      family(
        'DCGM_FI_DEV_PAGE_RETIRED_DBE_TOTAL',
        theirs('GPU-3'),
        (at) => pagesOf(at) + (at > endSeconds - dayS ? 2 : 0),
        isNew,
      ),
    ],
    DCGM_FI_DEV_PAGE_RETIRED_SBE_TOTAL: [family('DCGM_FI_DEV_PAGE_RETIRED_SBE_TOTAL', theirs('GPU-3'), () => 1, isNew)],
    DCGM_FI_DEV_RETIRED_PENDING: [family('DCGM_FI_DEV_RETIRED_PENDING', theirs('GPU-3'), () => 1)],
    DCGM_FI_DEV_THRESHOLD_SRM: [
      family('DCGM_FI_DEV_THRESHOLD_SRM', theirs('GPU-4'), () => 1),
      family('DCGM_FI_DEV_THRESHOLD_SRM', theirs('GPU-5'), () => 0),
    ],
    DCGM_FI_DEV_SRAM_EXCEEDED: [family('DCGM_FI_DEV_SRAM_EXCEEDED', theirs('GPU-6'), () => 1)],
    DCGM_FI_DEV_MEMORY_UNREPAIRABLE_FLAG: [family('DCGM_FI_DEV_MEMORY_UNREPAIRABLE_FLAG', theirs('GPU-4'), () => 1)],
    DCGM_FI_DEV_MEMORY_UNREPAIRABLE: [
      family('DCGM_FI_DEV_MEMORY_UNREPAIRABLE', theirs('GPU-6'), () => 1),
      // What DCGM says for a field that a board does not have.
      family('DCGM_FI_DEV_MEMORY_UNREPAIRABLE', theirs('GPU-5'), () => 2 ** 63),
    ],
    DCGM_FI_DEV_ROW_REMAP_FAILED: [family('DCGM_FI_DEV_ROW_REMAP_FAILED', theirs('GPU-7'), () => 1)],
    DCGM_FI_DEV_ROW_REMAP_PENDING: [family('DCGM_FI_DEV_ROW_REMAP_PENDING', theirs('GPU-5'), () => 2 ** 63)],
    DCGM_FI_DEV_ROW_REMAP_UNCORRECTABLE_TOTAL: [
      family('DCGM_FI_DEV_ROW_REMAP_UNCORRECTABLE_TOTAL', theirs('GPU-5'), () => 1e308),
      family('DCGM_FI_DEV_ROW_REMAP_UNCORRECTABLE_TOTAL', theirs('GPU-7'), () => 600),
    ],
  };
  return Object.entries(families)
    .map(([name, lines]) => `# TYPE ${name} gauge\n${lines.join('\n')}`)
    .join('\n');
}

beforeAll(async () => {
  blocks = blocksOf(samples());
  server = await startPrometheus({
    config: 'global: {}\n',
    dataDir: blocks.dataDir,
    args: ['--storage.tsdb.retention.time=100y'],
  });
}, 60_000);

afterAll(async () => {
  await server.stop();
  blocks.remove();
});

async function flags(): Promise<ReadonlyMap<string, Flags>> {
  return readFlags(createPrometheusApi({ url: server.url }), {
    labels: defaultLabelNames,
    matchers: [],
    atMs: endSeconds * 1000,
    signal: new AbortController().signal,
  });
}

test('every reading that a rule of memory judges is read, by the names of each exporter and version', async () => {
  const found = await flags();
  const rules = (uuid: string): readonly string[] => {
    const facts: EntityFacts = { ...found.get(`gpu/prod/${uuid}`), entity: gpu(uuid), atMs: endSeconds * 1000 };
    return rulesOf(facts).map(({ rule }) => rule);
  };
  expect(found.get('gpu/prod/GPU-1')).toMatchObject({ retiredPages: 20, doubleBitPages: 17, doubleBitPagesOfWeek: 3 });
  expect(rules('GPU-1')).toEqual(['retired_pages']);
  expect(found.get('gpu/prod/GPU-2')).toMatchObject({ retiredPages: 63, doubleBitPagesOfWeek: 0 });
  expect(rules('GPU-2')).toEqual(['retired_pages']);
  expect(found.get('gpu/prod/GPU-3')).toMatchObject({ retiredPages: 20, doubleBitPages: 19, doubleBitPagesOfWeek: 2 });
  expect(rules('GPU-3')).toEqual(['retired_pages', 'retirement_pending']);
  expect(rules('GPU-4')).toEqual(['memory_unrepairable', 'sram_threshold']);
  expect(rules('GPU-5')).toEqual([]);
  expect(rules('GPU-6')).toEqual(['memory_unrepairable', 'sram_threshold']);
  expect(rules('GPU-7')).toEqual(['row_remap_failure', 'row_remap_limit']);
}, 60_000);
