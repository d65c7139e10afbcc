import { dcgmFields } from '../../exporters/gpu/names/dcgm-fields.ts';
import { createDcgmNames } from '../../exporters/gpu/names/dcgm-names.ts';
import { type Format, renderExposition } from '../../kit/exposition/render.ts';
import type { PrometheusApi } from '../../kit/prometheus-api.ts';
import { beginSeconds, fullGpu, laterGpu, viewOf } from '../exporters/gpu/names/full-view.ts';
import { eventually } from '../support/eventually.ts';
import { type ScrapedInBothFormats, scrapeInBothFormats } from '../support/two-format-exporter.ts';

/**
 * What the panels of NVIDIA's dashboard for dcgm-exporter (12239) ask, in its two forms: by `instance` as on grafana.com, and by
 * `Hostname` as in the repository of dcgm-exporter. Grafana fills in the variables: .* for all of them.
 */
const all = 'gpu=~".*"';
const panels: readonly (readonly [title: string, query: string, series: number])[] = [
  ['variable instance', 'count by (instance) (DCGM_FI_DEV_GPU_TEMP)', 1],
  ['variable gpu', 'count by (gpu) (DCGM_FI_DEV_GPU_TEMP)', 2],
  ['GPU Temperature', `DCGM_FI_DEV_GPU_TEMP{instance=~".*", ${all}}`, 2],
  ['GPU Avg. Temp', `avg(DCGM_FI_DEV_GPU_TEMP{instance=~".*", ${all}})`, 1],
  ['GPU Power Usage', `DCGM_FI_DEV_POWER_USAGE{instance=~".*", ${all}}`, 2],
  ['GPU Power Total', `sum(DCGM_FI_DEV_POWER_USAGE{instance=~".*", ${all}})`, 1],
  ['GPU SM Clocks', `DCGM_FI_DEV_SM_CLOCK{instance=~".*", ${all}} * 1000000`, 2],
  ['GPU Utilization', `DCGM_FI_DEV_GPU_UTIL{instance=~".*", ${all}}`, 2],
  ['Tensor Core Utilization', `DCGM_FI_PROF_PIPE_TENSOR_ACTIVE{instance=~".*", ${all}}`, 2],
  ['GPU Framebuffer Mem Used', `DCGM_FI_DEV_FB_USED{instance=~".*", ${all}}`, 3],
  ['one GPU', 'DCGM_FI_DEV_FB_USED{instance=~".*", gpu=~"0"}', 1],
  ['variable Hostname', 'count by (Hostname) (DCGM_FI_DEV_FB_FREE{Hostname!=""})', 1],
  ['max of GPU Temperature', `max(DCGM_FI_DEV_GPU_TEMP{Hostname=~"node-1", ${all}}) by (Hostname, gpu, uuid)`, 2],
  ['max of GPU Power', `max(DCGM_FI_DEV_POWER_USAGE{Hostname=~"node-1", ${all}}) by (Hostname, gpu, uuid)`, 2],
  ['sum of max of GPU Power', `sum(max(DCGM_FI_DEV_POWER_USAGE{Hostname=~"node-1", ${all}}) by (gpu))`, 1],
  ['max of SM Clocks', `max(DCGM_FI_DEV_SM_CLOCK{Hostname=~"node-1", ${all}} * 1000000) by (Hostname, UUID, gpu)`, 2],
  [
    'max of Graphics Engine',
    `max(DCGM_FI_PROF_GR_ENGINE_ACTIVE{Hostname=~"node-1", ${all}}) by (Hostname, gpu, GPU_I_ID, GPU_I_PROFILE)`,
    2,
  ],
  [
    'max of Tensor Cores',
    `max(DCGM_FI_PROF_PIPE_TENSOR_ACTIVE{Hostname=~"node-1", ${all}}) by (Hostname, gpu, GPU_I_ID, GPU_I_PROFILE)`,
    2,
  ],
  [
    'max of Framebuffer',
    `max(DCGM_FI_DEV_FB_USED{Hostname=~"node-1", ${all}}) by (Hostname, gpu, GPU_I_ID, GPU_I_PROFILE)`,
    3,
  ],
];

let scraped: ScrapedInBothFormats;
let api: PrometheusApi;

beforeAll(async () => {
  scraped = await scrapeInBothFormats(exposition);
  api = scraped.api;
});
afterAll(() => scraped?.stop());

/** Two GPUs, the second in MIG mode with one instance, which alone has activity; both sets at once, with every field. */
function exposition(format: Format): string {
  const counters = {
    fields: dcgmFields.map((field) => ({ field, kind: field.kind, helps: {} })),
    labels: [],
    unknown: [],
  };
  const names = createDcgmNames({
    sets: ['dcgm-4.8', 'dcgm-4.9'],
    counters,
    hostname: 'node-1',
    hostnameLabel: 'Hostname',
  });
  names.families(viewOf([fullGpu(), migGpu(fullGpu)]));
  return renderExposition(format, names.families(viewOf([laterGpu(), migGpu(laterGpu)], beginSeconds + 2)));
}

function migGpu(gpu: typeof fullGpu): ReturnType<typeof fullGpu> {
  const { memory, activity } = fullGpu();
  const instance = { gpuInstanceId: 7, computeInstanceId: 0, uuid: 'MIG-7', profile: '1g.10gb', memory, activity };
  return gpu({ index: 1, uuid: 'GPU-1', mig: { enabled: true, instances: [instance] }, activity: undefined });
}

describe.each(['text', 'openmetrics'] as const)('%s', (format) => {
  beforeAll(() => eventually('the first scrape', async () => (await api.query(`up{job="${format}"} == 1`)).samples[0]));

  test('is accepted', async () => {
    const [target] = (await api.targets()).filter(({ labels }) => labels['job'] === format);
    expect(target).toMatchObject({ health: 'up', lastError: undefined });
  });

  test.each(panels)('%s: %s', async (_title, query, series) => {
    const ofJob = query.replace('{', `{job="${format}", `);
    const asked = ofJob === query ? query.replace(/(DCGM_\w+)/, `$1{job="${format}"}`) : ofJob;
    expect((await api.query(asked)).samples).toHaveLength(series);
  });

  test('values arrive as they are', async () => {
    const valueAt = async (name: string) => (await api.query(`${name}{job="${format}",gpu="0"}`)).samples[0]?.value;
    expect(await valueAt('DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION')).toBe(123_456_789_012);
    expect(await valueAt('DCGM_FI_DEV_FB_USED_BYTES')).toBe(32_213_303_295);
    expect(await valueAt('DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL')).toBe(2);
  });

  test('the last XID error has its code and message', async () => {
    const [sample] = (await api.query(`DCGM_FI_DEV_XID_ERRORS{job="${format}",gpu="0"}`)).samples;
    expect(sample).toMatchObject({ value: 0, labels: { err_code: '0', err_msg: 'No Error' } });
  });
});
