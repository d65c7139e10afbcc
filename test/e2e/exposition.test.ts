import { type Format, renderExposition } from '../../kit/exposition/render.ts';
import { createSampleWriter } from '../../kit/exposition/samples.ts';
import type { PrometheusApi } from '../../kit/prometheus-api.ts';
import { gpu } from '../../metrics/gpu.ts';
import { eventually } from '../support/eventually.ts';
import { type ScrapedInBothFormats, scrapeInBothFormats } from '../support/two-format-exporter.ts';

/** What a real Prometheus makes of label values and numbers that try to break the format, in both formats. */
const hostile = [
  'quote " end',
  'back\\slash',
  'new\nline',
  'emoji 🔥',
  'rtl \u202eabc',
  'brace } comma , = #',
  ' \t ',
  '\\"\n\\n',
  'é中文',
];
const numbers: readonly (number | bigint)[] = [
  0,
  -0.5,
  1e-300,
  1.7976931348623157e308,
  0.1 + 0.2,
  85_520_809_984,
  2n ** 53n,
  Number.NaN,
  Number.POSITIVE_INFINITY,
];

let scraped: ScrapedInBothFormats;
let api: PrometheusApi;

beforeAll(async () => {
  scraped = await scrapeInBothFormats(exposition);
  api = scraped.api;
});
afterAll(() => scraped?.stop());

function exposition(format: Format): string {
  const { emit, families } = createSampleWriter(gpu);
  for (const [index, value] of hostile.entries())
    emit('gpu_temperature_celsius', { gpu_id: String(index), uuid: value }, index);
  for (const [index, value] of numbers.entries()) emit('gpu_power_watts', { gpu_id: String(index), uuid: 'x' }, value);
  emit('gpu_energy_joules_total', { gpu_id: '0', uuid: 'x' }, 12.5);
  emit('gpu_info', { gpu_id: '0', uuid: 'x', model: '"\\', serial: '', pci_bus_id: '', vbios: '', driver: '' }, 1);
  return renderExposition(format, families());
}

describe.each(['text', 'openmetrics'] as const)('%s', (format) => {
  beforeAll(() =>
    eventually('the first scrape', async () => {
      const [sample] = (await api.query(`up{job="${format}"}`)).samples;
      return sample === undefined ? undefined : sample;
    }),
  );

  test('is accepted', async () => {
    const [target] = (await api.targets()).filter(({ labels }) => labels['job'] === format);
    expect(target).toMatchObject({ health: 'up', lastError: undefined });
  });

  test('label values come back as they were', async () => {
    const { samples } = await api.query(`sort(gpu_temperature_celsius{job="${format}"})`);
    expect(samples.map(({ labels }) => labels['uuid'])).toEqual(hostile);
  });

  test('numbers come back as they were', async () => {
    const { samples } = await api.query(`gpu_power_watts{job="${format}"}`);
    const byId = new Map(samples.map(({ labels, value }) => [labels['gpu_id'], value]));
    expect(numbers.map((_number, index) => byId.get(String(index)))).toEqual(numbers.map(Number));
  });

  test('counters and info series keep their names', async () => {
    expect((await api.query(`gpu_energy_joules_total{job="${format}"}`)).samples[0]?.value).toBe(12.5);
    expect((await api.query(`gpu_info{job="${format}"}`)).samples[0]?.labels['model']).toBe('"\\');
  });
});
