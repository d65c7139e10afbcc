import { lintExclusions } from '../../dashboards/lint.ts';
import type { Metric } from '../../metrics/define.ts';
import { catalogue } from '../../metrics/index.ts';
import { recorded } from '../../rules/recording/index.ts';
import type { BoardJson, BoardLinkJson, PanelJson, VariableJson } from './board-json.ts';
import { badLinks, unreached } from './board-links.ts';
import { dashboardRules, isStaleRevision, linterRules, type Rule, repeatedUids } from './dashboard-rules.ts';

const series = new Map<string, Metric>([...recorded, ...catalogue]);
const source = { type: 'prometheus', uid: '$' + '{datasource}' };

const list: BoardLinkJson = {
  ...{ type: 'dashboards', title: 'All', tags: ['fleetlens'], asDropdown: true },
  ...{ includeVars: true, keepTime: true },
};
const named: BoardLinkJson = {
  ...{ type: 'link', title: 'Better', tooltip: 'Is it better?', url: '/d/better' },
  ...{ includeVars: true, keepTime: true },
};
const page: BoardLinkJson = {
  ...{ type: 'link', title: 'Page', tooltip: 'Where is it?' },
  ...{ url: '/a/fleetlens-gpucluster-app/inventory?q=$' + '{node}', includeVars: false, keepTime: true },
};

const query: VariableJson = {
  type: 'query',
  name: 'cluster',
  label: 'Cluster',
  query: { query: 'label_values(gpu_up{node=~"$cluster"}, cluster)' },
  datasource: source,
  refresh: 2,
};

function panel(change: Partial<PanelJson> & { readonly expr?: string; readonly unit?: string } = {}): PanelJson {
  const { expr = 'max(node:gpu_temperature_celsius:max{cluster=~"$cluster"})', unit = 'celsius', ...rest } = change;
  return {
    type: 'timeseries',
    id: 1,
    title: 'Heat',
    description: 'Core temperature.',
    gridPos: { x: 0, y: 0, w: 12, h: 8 },
    datasource: source,
    targets: [{ refId: 'A', expr, datasource: source, range: true, instant: false }],
    fieldConfig: { defaults: { unit }, overrides: [] },
    ...rest,
  };
}

function board(change: Partial<BoardJson> = {}, variables: readonly VariableJson[] = [query]): BoardJson {
  const data: VariableJson = { type: 'datasource', name: 'datasource', label: 'Data source', query: 'prometheus' };
  return {
    id: null,
    uid: 'good',
    title: 'Good',
    description: 'Is it good? From all to one. For tests. Layer: GPU.',
    tags: ['fleetlens'],
    links: [list, named],
    editable: false,
    revision: 1,
    schemaVersion: 42,
    templating: { list: [data, ...variables] },
    panels: [panel()],
    ...change,
  };
}

function withQuery(expr: string, unit = 'celsius'): BoardJson {
  return board({ panels: [panel({ expr, unit })] });
}

function target(change: Readonly<Record<string, unknown>>): BoardJson {
  const [first] = panel().targets ?? [];
  return board({ panels: [panel({ targets: [{ refId: 'A', expr: '', ...first, ...change }] })] });
}

test.each(Object.entries(dashboardRules))('%s has nothing against a good board', (_name, complain) => {
  expect(complain(board(), series)).toEqual([]);
});

/** So many panels with so many queries each. */
function panelsWith(count: number, queries: number): readonly PanelJson[] {
  const one = panel().targets?.[0];
  const targets = one === undefined ? [] : Array.from({ length: queries }, () => one);
  return Array.from({ length: count }, (_, index) => panel({ title: `Heat ${index}`, id: index, targets }));
}

function collapsed(...panels: readonly PanelJson[]): BoardJson {
  return board({ panels: [panel({ type: 'row', title: 'Row', id: 99, panels, targets: [] })] });
}

function figure(expr: string): BoardJson {
  return board({ panels: [panel({ type: 'stat', expr, unit: 'locale' })] });
}

type Bad = readonly [rule: keyof typeof dashboardRules, why: string, bad: BoardJson, complaint: string];

const elsewhere = { type: 'prometheus', uid: 'P1' };
const bad: readonly Bad[] = [
  ['template-datasource', 'no variable', board({ templating: { list: [] } }), 'no data source variable'],
  [
    'template-datasource',
    'another name',
    board({ templating: { list: [{ type: 'datasource', name: 'ds', label: 'Data source', query: 'prometheus' }] } }),
    'must be a prometheus one',
  ],
  ['panel-datasource', 'fixed panel', board({ panels: [panel({ datasource: elsewhere })] }), 'panel Heat does not use'],
  ['panel-datasource', 'fixed query', target({ datasource: elsewhere }), 'query Heat A does not use'],
  ['panel-datasource', 'fixed variable', board({}, [{ ...query, datasource: elsewhere }]), 'variable cluster does not'],
  ['panel-title-description', 'no title', board({ panels: [panel({ title: '' })] }), 'panel 1 has no title'],
  ['panel-title-description', 'no description', board({ panels: [panel({ description: '' })] }), 'has no description'],
  ['panel-title-description', 'two alike', board({ panels: [panel(), panel()] }), 'two panels are called "Heat"'],
  [
    'panel-title-width',
    'cut off',
    board({ panels: [panel({ title: 'How many GPUs are up?', gridPos: { x: 0, y: 0, w: 4, h: 4 } })] }),
    'is cut off: 21 letters in 4 columns',
  ],
  ['table-empty-cells', 'sentence in each', board({ panels: [panel({ type: 'table' })] }), 'no text of their own'],
  ['panel-no-targets', 'no query', board({ panels: [panel({ targets: [] })] }), 'has no query'],
  ['panel-units', 'unknown unit', board({ panels: [panel({ unit: 'furlong' })] }), 'the unknown unit "furlong"'],
  ['panel-units', 'no unit', board({ panels: [panel({ fieldConfig: { defaults: {}, overrides: [] } })] }), 'no unit'],
  [
    'panel-units',
    'wrong unit',
    board({ panels: [panel({ unit: 'watt' })] }),
    'shows watts, but its series give celsius',
  ],
  ['panel-units', 'share', withQuery('sum(gpu_up) / count(gpu_up)', 'none'), 'but its series give ratio'],
  ['panel-units', 'table column', board({ panels: [panel({ type: 'table' })] }), 'has no unit'],
  ['target-promql', 'not PromQL', withQuery('max(gpu_up'), 'syntax error'],
  ['target-promql', 'unknown series', withQuery('max(gpu_temprature_celsius)'), 'is not a series of the catalogue'],
  ['target-promql', 'no name', withQuery('max({node="a"})'), 'is not a series of the catalogue'],
  ['target-promql', 'unknown label', withQuery('max(gpu_up{nod="a"})'), 'gpu_up has no label nod'],
  ['target-promql', 'unknown grouping', withQuery('max by (xid) (gpu_up)'), 'groups by xid'],
  ['target-counter-agg', 'bare counter', withQuery('sum(gpu_xid_errors_total{xid="79"})'), 'must be in rate'],
  ['target-counter-agg', 'bare bucket', withQuery('sum(fleetlens_scrape_render_seconds_bucket)'), 'must be in rate'],
  ['target-promql', 'histogram itself', withQuery('sum(fleetlens_scrape_render_seconds)'), 'is not a series'],
  [
    'target-rate-interval',
    'fixed window',
    withQuery('sum(rate(gpu_xid_errors_total[5m]))'),
    'must be over $__rate_interval',
  ],
  ['target-aggregated', 'every curve', withQuery('gpu_up'), 'must be aggregated'],
  ['target-instant-or-range', 'instant curve', target({ range: false, instant: true }), 'must be a range query'],
  [
    'target-instant-or-range',
    'figure over time',
    board({ panels: [panel({ type: 'stat' })] }),
    'must be an instant query',
  ],
  ['template-on-time-change-reload', 'never refreshed', board({}, [{ ...query, refresh: 1 }]), 'does not refresh'],
  [
    'template-label-promql',
    'bad selector',
    board({}, [{ ...query, query: 'label_values(gpu_up{, x)' }]),
    'syntax error',
  ],
  ['template-label-promql', 'no label', board({}, [{ ...query, label: '' }]), 'variable cluster has no label'],
  ['template-declared', 'unknown variable', withQuery('max(gpu_up{node=~"$node"})'), '$node is used and not declared'],
  ['uneditable-dashboard', 'editable', board({ editable: true }), 'editable'],
  ['board-identity', 'own id', board({ id: 3 }), 'id must be null'],
  ['board-identity', 'long uid', board({ uid: 'x'.repeat(41) }), 'must be 1 to 40'],
  ['board-identity', 'no revision', board({ revision: undefined }), 'revision must be an integer'],
  ['board-identity', 'old model', board({ schemaVersion: 39 }), 'schemaVersion must be 42'],
  ['board-introduction', 'no question', board({ description: 'GPUs. For tests. Layer: GPU.' }), 'asks no question'],
  ['board-introduction', 'nobody', board({ description: 'Is it good? Layer: GPU.' }), 'does not say for whom'],
  ['board-links', 'no tag', board({ tags: ['gpu'] }), 'without the tag fleetlens'],
  ['board-links', 'no list', board({ links: [named] }), 'no list of all boards'],
  ['board-links', 'nowhere', board({ links: [list] }), 'no link to the board'],
  ['board-links', 'another time', board({ links: [list, { ...named, keepTime: false }] }), 'loses the time range'],
  ['board-links', 'another GPU', board({ links: [list, { ...named, includeVars: false }] }), 'loses what was chosen'],
  ['board-links', 'no question', board({ links: [list, { ...named, tooltip: '' }] }), 'does not say what it answers'],
  ['board-query-count', 'too many', board({ panels: panelsWith(21, 2) }), '42 queries on opening are more than 40'],
  ['board-query-count', 'in one panel', board({ panels: panelsWith(1, 27) }), 'Heat 0 has 27 queries, more than 26'],
  ['target-cheap', 'a curve of all GPUs', withQuery('max(gpu_temperature_celsius)'), 'a series for each GPU, all read'],
  [
    'target-cheap',
    'a curve of all links',
    collapsed(panel({ expr: 'sum(rate(gpu_nvlink_errors_total[$__rate_interval]))', unit: 'ops' })),
    'has several series for each GPU (link, kind)',
  ],
  ['target-cheap', 'a past of all GPUs', figure('sum(increase(gpu_pcie_replays_total[$__range]))'), 'over a long past'],
  ['target-cheap', 'a week of all GPUs', figure('sum(increase(gpu_pcie_replays_total[7d]))'), 'over a long past'],
  [
    'target-cheap',
    'a line for each GPU',
    board({ panels: [panel({ type: 'table', expr: 'max by (node, gpu_id) (gpu_up)' })] }),
    'needs topk or bottomk',
  ],
  ['panel-ids', 'same id', board({ panels: [panel(), panel()] }), '2 panels have the id 1'],
  ['panel-grid', 'overlap', board({ panels: [panel(), panel({ title: 'Other' })] }), '"Heat" overlaps "Other"'],
  ['panel-grid', 'too far right', board({ panels: [panel({ gridPos: { x: 20, y: 0, w: 12, h: 1 } })] }), 'not fit'],
  ['panel-grid', 'odd width', board({ panels: [panel({ gridPos: { x: 0, y: 0, w: 7, h: 1 } })] }), 'not fit'],
];

test.each(bad)('%s finds: %s', (name, _why, wrong, complaint) => {
  const rule: Rule = dashboardRules[name];
  expect(rule(wrong, series).join('\n')).toContain(complaint);
});

test.each([
  ['a curve of one GPU', withQuery('max(gpu_temperature_celsius{uuid=~"$uuid"})')],
  [
    'curves of the GPUs of one node',
    board({ panels: [panel({ expr: 'max(gpu_temperature_celsius{node=~"$shown_node"})' })] }, [
      query,
      { ...query, name: 'shown_node' },
    ]),
  ],
  ['a past of one GPU', figure('sum(increase(gpu_pcie_replays_total{uuid=~"$uuid"}[$__range]))')],
  ['an hour of all GPUs', figure('sum(increase(gpu_pcie_replays_total[1h]))')],
  [
    'lines of a hundred GPUs',
    board({ panels: [panel({ type: 'table', expr: 'topk(100, max by (node, gpu_id) (gpu_up))' })] }),
  ],
  [
    'lines of those that are down',
    board({ panels: [panel({ type: 'table', expr: 'count by (node, gpu_id) (gpu_failure_info)' })] }),
  ],
  ['a curve of servers', withQuery('count(cmdb_ci_info{class="server"})', 'locale')],
])('%s is cheap', (_what, good) => {
  expect(dashboardRules['target-cheap'](good, series)).toEqual([]);
});

/** https://github.com/grafana/dashboard-linter lists these. Those about logs are for Loki alone. */
const rulesOfLinter = [
  ...['template-datasource', 'template-job', 'template-instance', 'template-label-promql'],
  ...['template-on-time-change-reload', 'panel-datasource', 'panel-title-description', 'panel-units'],
  ...['panel-no-targets', 'target-logql', 'target-logql-auto', 'target-promql', 'target-rate-interval'],
  ...['target-job', 'target-instance', 'target-counter-agg', 'uneditable-dashboard'],
];

test("each rule of Grafana's linter is kept, or excluded with a reason, or about logs", () => {
  const excluded = Object.keys(lintExclusions).map((rule) => rule.replace(/-rule$/, ''));
  const aboutLogs = ['target-logql', 'target-logql-auto'];
  expect([...Object.keys(linterRules), ...excluded, ...aboutLogs].sort()).toEqual([...rulesOfLinter].sort());
  for (const reason of Object.values(lintExclusions)) expect(reason).toMatch(/^.{30,}\.$/);
});

test('links to boards and pages that are there are good, and others are found', () => {
  const better = board({ uid: 'better', links: [list, { ...named, url: '/d/good?var-cluster=1' }, page] });
  expect(badLinks([board(), better])).toEqual([]);
  expect(badLinks([board()])).toEqual(['good: there is no board better']);
  const wrong = board({
    links: [
      { ...named, url: '/d/good?var-nod=1' },
      { ...page, url: '/a/other/inventory?q=$' },
    ],
  });
  expect(badLinks([wrong])).toEqual([
    'good: good has no variable nod',
    'good: /a/other/inventory?q=$ is no board and no page of the app',
  ]);
});

test('a board that no other one names is found', () => {
  const better = board({ uid: 'better', links: [list, { ...named, url: '/d/better' }] });
  expect(unreached([board(), better])).toEqual(['good']);
});

test('every rule has a board that it complains about', () => {
  expect(new Set(bad.map(([rule]) => rule))).toEqual(new Set(Object.keys(dashboardRules)));
});

test('panels inside a collapsed row are looked at too', () => {
  const row = panel({ type: 'row', id: 9, gridPos: { x: 0, y: 0, w: 24, h: 1 }, panels: [panel({ description: '' })] });
  expect(dashboardRules['panel-title-description'](board({ panels: [row] }))).toHaveLength(1);
});

test('two boards with one uid are found', () => {
  expect(repeatedUids([board(), board({ uid: 'other' }), board({ title: 'Twin' })])).toEqual(['good']);
});

test('a changed board with the same revision is stale', () => {
  expect(isStaleRevision(board(), board({ title: 'New' }))).toBe(true);
  expect(isStaleRevision(board(), board({ title: 'New', revision: 2 }))).toBe(false);
  expect(isStaleRevision(board(), board())).toBe(false);
});
