import { renderBoard } from '../../dashboards/render.ts';
import { gpu } from '../../metrics/gpu.ts';
import { catalogue } from '../../metrics/index.ts';
import { select } from '../../metrics/promql.ts';
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

/** What the whole panel says when it is empty would stand in each empty cell. */
const emptyCells = { matcher: { id: 'byRegexp', options: '/.*/' }, properties: [{ id: 'noValue', value: '–' }] };

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
        emptyCells,
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
                  title: 'Narrow the board to this line',
                  url: `/d/fleetlens-test?\${datasource:queryparam}&var-node=\${__data.fields["Node"]:percentencode}&\${__url_time_range}`,
                },
                {
                  title: 'Look it up in the inventory',
                  url: `/a/fleetlens-gpucluster-app/inventory?q=\${__data.fields["Node"]:percentencode}`,
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
        emptyCells,
        { matcher: { options: 'Up' } },
        { matcher: { options: 'Node' }, properties: [{ value: [{ title: 'Look it up in the inventory' }] }] },
        {
          matcher: { id: 'byName', options: 'GPU' },
          properties: [{ id: 'links', value: [{ title: 'Open the board Other for this line', url }] }],
        },
      ],
    },
  });
});

test('a GPU in a table leads into the app, to its place and to its risk', () => {
  const field = `\${__data.fields["UUID"]:percentencode}`;
  expect(panel('Devices')).toMatchObject({
    fieldConfig: {
      overrides: [
        emptyCells,
        { matcher: { options: 'Up' } },
        {
          matcher: { id: 'byName', options: 'UUID' },
          properties: [
            {
              id: 'links',
              value: [
                { title: 'Look it up in the inventory', url: `/a/fleetlens-gpucluster-app/inventory?q=${field}` },
                { title: 'See its failure risk', url: `/a/fleetlens-gpucluster-app/risk?gpu=${field}` },
              ],
            },
          ],
        },
      ],
    },
  });
});

test('bars and curves may lead to another board, set to their labels', () => {
  const url = `/d/fleetlens-other?\${datasource:queryparam}&var-node=\${__field.labels.node:percentencode}&\${__url_time_range}`;
  const links = [{ title: 'Open the board Other for this', url }];
  expect(panel('Hungriest')).toMatchObject({ fieldConfig: { defaults: { links } } });
  expect(panel('Over time')).toMatchObject({ fieldConfig: { defaults: { links } } });
  expect(panel('GPU power')).toMatchObject({ fieldConfig: { defaults: { links: [] } } });
});

test('at the top are all boards, those that answer the next question, and pages of the app', () => {
  expect(board.links).toMatchObject([
    { type: 'dashboards', tags: ['fleetlens'], asDropdown: true, includeVars: true, keepTime: true },
    { type: 'link', title: 'Other', tooltip: 'What else?', url: '/d/fleetlens-other', includeVars: true },
    {
      type: 'link',
      title: 'Risk',
      url: `/a/fleetlens-gpucluster-app/risk?gpu=\${node:percentencode}`,
      includeVars: false,
    },
  ]);
});

test('says for whom it is and at which layers it looks', () => {
  expect(board.description).toBe('Is this a board for tests? For tests. Layers: GPU, physical.');
});

test('a collapsed row holds its panels', () => {
  expect(board.panels.find(({ title }) => title === 'Second')).toMatchObject({
    collapsed: true,
    panels: [{ title: 'Nodes' }, { title: 'GPUs' }, { title: 'Devices' }, { title: 'Over time' }],
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

test('a variable may have exactly one value, or another meaning of all', () => {
  const values = { of: select(gpu.gpu_up, {}), label: 'uuid' } as const;
  const variable = { name: 'gpu', label: 'GPU', description: 'GPUs.', values } as const;
  const variables = [
    { ...variable, single: true },
    { ...variable, name: 'ours', all: 'GPU-.*' },
  ];
  const { templating } = parseBoard(renderBoard(fakeBoard({ variables }), undefined));
  expect(templating.list[1]).toMatchObject({ multi: false, includeAll: false, current: { value: '' } });
  expect(templating.list[1]).not.toHaveProperty('allValue');
  expect(templating.list[2]).toMatchObject({ multi: true, includeAll: true, allValue: 'GPU-.*' });
});
