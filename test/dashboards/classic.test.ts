import { renderBoard } from '../../dashboards/render.ts';
import { catalogue } from '../../metrics/index.ts';
import { panelsOf, parseBoard } from '../laws/board-json.ts';
import { dashboardRules } from '../laws/dashboard-rules.ts';
import { fakeBoard } from './fake-board.ts';

const text = renderBoard(fakeBoard(), undefined);
const board = parseBoard(text);

function panel(title: string): unknown {
  return panelsOf(board).find((candidate) => candidate.title === title);
}

test.each(Object.entries(dashboardRules))('keeps the law %s', (_name, complain) => {
  expect(complain(board, catalogue)).toEqual([]);
});

test('a single figure', () => {
  expect(panel('How hot?')).toMatchObject({
    type: 'stat',
    targets: [{ refId: 'A', expr: 'max(gpu_temperature_celsius)', instant: true, range: false }],
    options: { colorMode: 'value', textMode: 'value', reduceOptions: { calcs: ['lastNotNull'] } },
    fieldConfig: {
      defaults: {
        unit: 'celsius',
        decimals: 1,
        noValue: 'No reading',
        thresholds: {
          mode: 'absolute',
          steps: [
            { value: null, color: 'green' },
            { value: 80, color: 'orange' },
          ],
        },
      },
    },
  });
});

test('bars end at the given maximum', () => {
  expect(panel('Hungriest')).toMatchObject({ type: 'bargauge', fieldConfig: { defaults: { min: 0, max: 1000 } } });
});

test('a heat map takes the buckets as they are, with the unit of their bounds', () => {
  expect(panel('Spread')).toMatchObject({
    type: 'heatmap',
    targets: [{ refId: 'A', format: 'heatmap', legendFormat: '{{le}}', range: true, instant: false }],
    options: { calculate: false, yAxis: { unit: 's' }, cellValues: { unit: 'locale' } },
    fieldConfig: { defaults: { unit: 'locale' } },
  });
});

test('a table names its columns, colours them and leads to its lines', () => {
  expect(panel('Nodes')).toMatchObject({
    type: 'table',
    targets: [
      { refId: 'A', format: 'table', instant: true },
      { refId: 'B', format: 'table', instant: true },
    ],
    transformations: [
      { id: 'merge' },
      {
        id: 'organize',
        options: {
          excludeByName: { Time: true },
          renameByName: { cluster: 'Cluster', node: 'Node', Value: 'Up', 'Value #A': 'Up', 'Value #B': 'Hottest' },
        },
      },
    ],
    options: { sortBy: [{ displayName: 'Hottest', desc: true }] },
    fieldConfig: {
      overrides: [
        { matcher: { id: 'byName', options: 'Up' }, properties: [{ id: 'unit', value: 'locale' }] },
        {
          matcher: { id: 'byName', options: 'Hottest' },
          properties: [{ id: 'unit', value: 'celsius' }, { id: 'thresholds' }, { id: 'custom.cellOptions' }],
        },
        {
          matcher: { id: 'byName', options: 'Node' },
          properties: [
            {
              id: 'links',
              value: [
                {
                  url: `/d/fleetlens-test?\${datasource:queryparam}&var-node=\${__data.fields["Node"]:percentencode}&\${__url_time_range}`,
                },
              ],
            },
          ],
        },
      ],
    },
  });
});

test('a table may lead to another board, set to the line', () => {
  const url = `/d/fleetlens-other?\${datasource:queryparam}&var-node=\${__data.fields["Node"]:percentencode}&var-gpu=\${__data.fields["GPU"]:percentencode}&\${__url_time_range}`;
  expect(panel('GPUs')).toMatchObject({
    fieldConfig: {
      overrides: [
        { matcher: { options: 'Up' } },
        {
          matcher: { id: 'byName', options: 'GPU' },
          properties: [{ id: 'links', value: [{ title: 'Open the board Other for this line', url }] }],
        },
      ],
    },
  });
});

test('a collapsed row holds its panels', () => {
  expect(board.panels.find(({ title }) => title === 'Second')).toMatchObject({
    collapsed: true,
    panels: [{ title: 'Nodes' }, { title: 'GPUs' }],
  });
});

test('variables offer all, and match series without the label then', () => {
  expect(board.templating.list[1]).toMatchObject({
    name: 'node',
    query: { query: 'label_values(gpu_up, node)' },
    allValue: '.*',
    includeAll: true,
    multi: true,
    refresh: 2,
    current: { value: ['$__all'] },
  });
});
