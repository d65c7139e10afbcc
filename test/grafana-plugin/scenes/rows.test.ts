import { createDataFrame, FieldType } from '@grafana/data';
import { rowsOf } from '../../../grafana-plugin/src/scenes/rows';

const table = createDataFrame({
  refId: 'hot',
  fields: [
    { name: 'Time', type: FieldType.time, values: [1, 1, 1] },
    { name: 'node', type: FieldType.string, values: ['<b>n1</b>', 'n2', ''] },
    { name: 'Value #hot', type: FieldType.number, values: [60, Number.NaN, 50] },
  ],
});
const single = createDataFrame({
  refId: 'one',
  fields: [
    { name: 'Time', type: FieldType.time, values: [1] },
    { name: 'Value', type: FieldType.number, labels: { uuid: 'GPU-1' }, values: [7] },
  ],
});

test('reads a table and single series alike; what is no number is left out, and so is a label without text', () => {
  expect(rowsOf([table, single], 'hot')).toEqual([
    { labels: { node: '<b>n1</b>' }, value: 60 },
    { labels: {}, value: 50 },
  ]);
  expect(rowsOf([table, single], 'one')).toEqual([{ labels: { uuid: 'GPU-1' }, value: 7 }]);
  expect(rowsOf([table], 'nothing')).toEqual([]);
});
