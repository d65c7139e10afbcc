import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectSource } from '../../../../../exporters/prediction/sources/prometheus/connect-source.ts';
import { defaultLabelNames } from '../../../../../exporters/prediction/sources/prometheus/series-labels.ts';

let remark: Readonly<Record<string, unknown>> = {};
const server = createServer((request, response) => {
  const isRange = request.url?.includes('query_range') === true;
  const result = isRange ? [{ metric: {}, values: [[60, '1']] }] : [{ metric: { uuid: 'GPU-a' }, value: [60, '1'] }];
  const data = { resultType: isRange ? 'matrix' : 'vector', result };
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ status: 'success', data, ...remark }));
});

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterAll(async () => {
  await new Promise((done) => server.close(done));
});

function connected() {
  const source = {
    name: 'main',
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cluster: 'prod',
    labels: defaultLabelNames,
    match: [],
    tokenFile: undefined,
    user: undefined,
    headers: {},
    timeoutMs: 10_000,
  };
  return connectSource(source, () => '').now;
}

const range = { startSeconds: 60, endSeconds: 60, stepSeconds: 15 };

test('series without a cluster are of that of the source', async () => {
  remark = { infos: ['PromQL info: a metric might be no counter'] };
  expect((await connected().query('gpu_up')).samples[0]?.labels).toEqual({ uuid: 'GPU-a', cluster: 'prod' });
  expect((await connected().queryRange('gpu_up', range)).series[0]?.labels).toEqual({ cluster: 'prod' });
});

test.each([[{ warnings: ['a store did not answer'] }], [{ isPartial: true }]])(
  'an answer of the present in which something is missing shows nobody as gone: %j',
  async (said) => {
    remark = said;
    await expect(connected().query('gpu_up')).rejects.toThrow(
      /the answer for gpu_up is not complete.*ask one that has/,
    );
    await expect(connected().queryRange('gpu_up', range)).rejects.toThrow('is not complete');
  },
);
