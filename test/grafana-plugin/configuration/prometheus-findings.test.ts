import { createDataFrame, FieldType } from '@grafana/data';
import { findings } from '../../../grafana-plugin/src/configuration/prometheus-findings';

function count(refId: string, value: number, job?: string) {
  const time = { name: 'Time', type: FieldType.time, values: [0] };
  const labels = job === undefined ? [] : [{ name: 'job', type: FieldType.string, values: [job] }];
  return createDataFrame({
    refId,
    fields: [time, ...labels, { name: 'Value', type: FieldType.number, values: [value] }],
  });
}

test('each domain has series, or is told what to look at', () => {
  const found = findings([
    count('gpu', 16),
    count('targets', 2, 'fleetlens-training'),
    count('targetsDown', 1, 'fleetlens-inference'),
  ]);
  expect(Object.fromEntries(found.map(({ id, text }) => [id, text]))).toMatchObject({
    gpu: 'Series: 16',
    training: 'The job fleetlens-training is scraped, and has nothing to tell.',
    inference: 'Targets of the job fleetlens-inference that cannot be scraped: 1.',
    cmdb: 'The job fleetlens-cmdb is missing in the scrape configuration.',
    rules: 'None are evaluated: load the rule files of FleetLens into Prometheus or its ruler.',
  });
  expect(found.filter(({ isWell }) => isWell).map(({ id }) => id)).toEqual(['gpu']);
});
