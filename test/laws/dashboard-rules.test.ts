import { catalogue } from '../../metrics/index.ts';
import type { BoardJson, PanelJson, VariableJson } from './board-json.ts';
import { dashboardRules, isStaleRevision, type Rule, repeatedUids } from './dashboard-rules.ts';

const source = { type: 'prometheus', uid: '$' + '{datasource}' };

const query: VariableJson = {
  type: 'query',
  name: 'cluster',
  label: 'Cluster',
  query: { query: 'label_values(gpu_up{node=~"$cluster"}, cluster)' },
  datasource: source,
  refresh: 2,
};

function panel(change: Partial<PanelJson> & { readonly expr?: string; readonly unit?: string } = {}): PanelJson {
  const { expr = 'max(gpu_temperature_celsius{cluster=~"$cluster"})', unit = 'celsius', ...rest } = change;
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
  expect(complain(board(), catalogue)).toEqual([]);
});

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
  ['target-promql', 'bare counter', withQuery('sum(gpu_xid_errors_total{xid="79"})'), 'must be in rate'],
  ['target-promql', 'bare bucket', withQuery('sum(fleetlens_scrape_render_seconds_bucket)'), 'must be in rate'],
  ['target-promql', 'histogram itself', withQuery('sum(fleetlens_scrape_render_seconds)'), 'is not a series'],
  ['target-promql', 'fixed window', withQuery('sum(rate(gpu_xid_errors_total[5m]))'), 'must be over $__rate_interval'],
  ['target-promql', 'every curve', withQuery('gpu_up'), 'must be aggregated'],
  ['target-instant-or-range', 'instant curve', target({ range: false, instant: true }), 'must be a range query'],
  [
    'target-instant-or-range',
    'figure over time',
    board({ panels: [panel({ type: 'stat' })] }),
    'must be an instant query',
  ],
  ['template-query', 'never refreshed', board({}, [{ ...query, refresh: 1 }]), 'does not refresh'],
  ['template-query', 'bad selector', board({}, [{ ...query, query: 'label_values(gpu_up{, x)' }]), 'syntax error'],
  ['template-query', 'no label', board({}, [{ ...query, label: '' }]), 'variable cluster has no label'],
  ['template-declared', 'unknown variable', withQuery('max(gpu_up{node=~"$node"})'), '$node is used and not declared'],
  ['board-identity', 'editable', board({ editable: true }), 'editable'],
  ['board-identity', 'own id', board({ id: 3 }), 'id must be null'],
  ['board-identity', 'long uid', board({ uid: 'x'.repeat(41) }), 'must be 1 to 40'],
  ['board-identity', 'no revision', board({ revision: undefined }), 'revision must be an integer'],
  ['board-identity', 'old model', board({ schemaVersion: 39 }), 'schemaVersion must be 42'],
  ['panel-ids', 'same id', board({ panels: [panel(), panel()] }), '2 panels have the id 1'],
  ['panel-grid', 'overlap', board({ panels: [panel(), panel({ title: 'Other' })] }), '"Heat" overlaps "Other"'],
  ['panel-grid', 'too far right', board({ panels: [panel({ gridPos: { x: 20, y: 0, w: 12, h: 1 } })] }), 'not fit'],
  ['panel-grid', 'odd width', board({ panels: [panel({ gridPos: { x: 0, y: 0, w: 7, h: 1 } })] }), 'not fit'],
];

test.each(bad)('%s finds: %s', (name, _why, wrong, complaint) => {
  const rule: Rule = dashboardRules[name];
  expect(rule(wrong, catalogue).join('\n')).toContain(complaint);
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
