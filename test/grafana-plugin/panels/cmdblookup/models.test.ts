import { createDataFrame, FieldType } from '@grafana/data';
import { type Alert, readAlerts } from '../../../../grafana-plugin/src/panels/cmdblookup/answers/alerts';
import { readChanges } from '../../../../grafana-plugin/src/panels/cmdblookup/answers/changes';
import { readItem } from '../../../../grafana-plugin/src/panels/cmdblookup/answers/item';
import { readPlace } from '../../../../grafana-plugin/src/panels/cmdblookup/answers/place';
import { readRack } from '../../../../grafana-plugin/src/panels/cmdblookup/answers/rack';
import {
  alertFilter,
  matching,
  sortAlerts,
} from '../../../../grafana-plugin/src/panels/cmdblookup/models/alerts-of-item';
import { changeLines } from '../../../../grafana-plugin/src/panels/cmdblookup/models/change-lines';
import { listedClass, nextLimit } from '../../../../grafana-plugin/src/panels/cmdblookup/models/impact-list';
import { factsOf, firingSeries, infoFacts } from '../../../../grafana-plugin/src/panels/cmdblookup/models/info-series';
import { formatAttribute, itemFacts } from '../../../../grafana-plugin/src/panels/cmdblookup/models/item-facts';
import { deepLinks, searchPath } from '../../../../grafana-plugin/src/panels/cmdblookup/models/links';
import {
  lookupKeyOf,
  lookupTexts,
  withoutPort,
} from '../../../../grafana-plugin/src/panels/cmdblookup/models/lookup-text';
import alerts from '../../../fixtures/grafana-plugin/cmdb/alerts.json';
import history from '../../../fixtures/grafana-plugin/cmdb/history.json';
import itemGpu from '../../../fixtures/grafana-plugin/cmdb/item-gpu.json';
import itemServer from '../../../fixtures/grafana-plugin/cmdb/item-server.json';
import place from '../../../fixtures/grafana-plugin/cmdb/place.json';
import rack from '../../../fixtures/grafana-plugin/cmdb/rack.json';

const server = readItem(itemServer);
const gpu = readItem(itemGpu);
const itsPlace = readPlace(place);

describe('what a variable stands for', () => {
  test.each([
    ['sim-1', ['sim-1']],
    [' sim-1 ', ['sim-1']],
    ['', []],
    ['$node', []],
    ['$' + '{uuid:raw}', []],
    ['.*', []],
    ['.+', []],
    ['$__all', []],
    ['All', []],
    ['{a,b}', ['a', 'b']],
    ['(a|b|a)', ['a', 'b']],
    ['{a,$__all}', ['a']],
  ])('%s', (replaced, texts) => {
    expect(lookupTexts(replaced)).toEqual(texts);
  });

  test('a variable with very many values is cut', () => {
    expect(lookupTexts(`{${Array.from({ length: 5000 }, (_, index) => `n${index}`).join(',')}}`)).toHaveLength(200);
  });

  test.each([
    ['GPU-493ee4b1-fe4c-9f47-5984-4c7a796447ad', 'uuid'],
    ['507d087e-a6e2-665d-d760-7b3ea9db872f', 'uuid'],
    ['02:F1:CD:00:00:01', 'mac'],
    ['10.20.0.0', 'ip'],
    ['fd00::1', 'ip'],
    ['gpu-1.dc.example', 'host'],
    ['sim-1', undefined],
    ['team a', undefined],
  ])('%s looks like %s', (text, key) => {
    expect(lookupKeyOf(text)).toBe(key);
  });

  test.each([
    ['sim-1:9100', 'sim-1'],
    ['sim-1', 'sim-1'],
    ['fd00::1', 'fd00::1'],
    ['class:server', 'class:server'],
  ])('the port of the instance %s is left out', (text, host) => {
    expect(withoutPort(text)).toBe(host);
  });
});

describe('alerts of an item', () => {
  const alert = (labels: Record<string, string>, rest: Partial<Alert> = {}): Alert => ({
    labels,
    annotations: {},
    startsAt: undefined,
    isSilenced: false,
    isInhibited: false,
    ...rest,
  });

  test('of a server those of its node, all its own', () => {
    const filter = alertFilter(server, itsPlace);
    expect(filter?.matcher).toBe('node="sim-1"');
    expect(matching(readAlerts(alerts), filter ?? { matcher: '', isOwn: () => false })).toHaveLength(alerts.length);
  });

  test('of a GPU its own by UUID, or by index where there is none; others are on its machine', () => {
    const isOwn = alertFilter(gpu, itsPlace)?.isOwn ?? (() => undefined);
    expect(isOwn(alert({ uuid: String(gpu.attributes.uuid) }))).toBe(true);
    expect(isOwn(alert({ uuid: 'GPU-other', gpu_id: '0' }))).toBe(false);
    expect(isOwn(alert({ gpu_id: '0' }))).toBe(true);
    expect(isOwn(alert({ node: 'sim-1' }))).toBe(false);
  });

  test('of a rack those of its machines, whatever is in their names', () => {
    const contents = readRack(rack);
    const odd = {
      ...contents,
      mounted: contents.mounted.slice(0, 2).map((each, index) => ({ ...each, node: ['a.b', 'c"d'][index] })),
    };
    const filter = alertFilter({ ...server, class: 'rack' }, itsPlace, odd);
    expect(filter?.matcher).toBe(String.raw`node=~"a\\.b|c\"d"`);
    const found = matching(
      [alert({ node: 'a.b' }), alert({ node: 'axb' }), alert({ node: 'c"d' })],
      filter ?? { matcher: '', isOwn: () => false },
    );
    expect(found.map(({ labels }) => labels.node)).toEqual(['a.b', 'c"d']);
  });

  test('of a job those of its pods', () => {
    const filter = alertFilter({ ...server, class: 'application', name: 'team-a/llm' }, itsPlace);
    expect(filter?.matcher).toBe('namespace="team-a"');
    expect(filter?.isOwn(alert({ pod: 'llm-7f9c-x2' }))).toBe(true);
    expect(filter?.isOwn(alert({ pod: 'llmx-0' }))).toBe(false);
  });

  test('a site has none that name it', () => {
    expect(alertFilter({ ...server, class: 'site' }, { ...itsPlace, node: undefined })).toBeUndefined();
  });

  test('the worst stands first, and what nobody is told of last', () => {
    const sorted = sortAlerts([
      alert({ severity: 'info' }),
      alert({ severity: 'critical' }, { isSilenced: true }),
      alert({ severity: 'warning' }),
      alert({ severity: 'critical' }),
    ]);
    expect(sorted.map(({ labels, isSilenced }) => `${labels.severity} ${isSilenced}`)).toEqual([
      'critical false',
      'warning false',
      'info false',
      'critical true',
    ]);
  });
});

describe('changes', () => {
  test('what differs, and relations from where the item is', () => {
    const [sample] = readChanges(history);
    if (sample?.after === undefined) throw new Error('no change');
    const before = { ...sample.after, state: 'failed', attributes: { ...sample.after.attributes, role: 'cpu' } };
    const change = {
      ...sample,
      before,
      opened: [{ type: 'located_in', from: 1, to: 9, fromName: undefined, toName: undefined }],
      closed: [{ type: 'runs_on', from: 5, to: 1, fromName: 'job-5', toName: undefined }],
    };
    expect(changeLines(change)).toEqual([
      { kind: 'value', about: 'state', before: 'failed', after: 'in_service' },
      { kind: 'value', about: 'role', before: 'cpu', after: sample.after.attributes.role },
      { kind: 'closed', type: 'runs_on', direction: 'in', other: { id: 5, name: 'job-5' } },
      { kind: 'opened', type: 'located_in', direction: 'out', other: { id: 9, name: '#9' } },
    ]);
  });

  test('what was added has no list of all its attributes', () => {
    const [sample] = readChanges(history);
    if (sample === undefined) throw new Error('no change');
    expect(changeLines({ ...sample, before: undefined, opened: [], closed: [] })).toEqual([]);
  });
});

describe('facts', () => {
  test('what matters stands first, with its source; what stands elsewhere is left out', () => {
    const facts = itemFacts(server);
    expect(facts.slice(0, 3).map(({ name }) => name)).toEqual(['model', 'vendor', 'role']);
    expect(facts[0]).toMatchObject({ value: 'DGXH100', source: 'redfish' });
    expect(facts.map(({ name }) => name)).not.toContain('uuid');
  });

  test.each([
    ['memory_bytes', 2_199_023_255_552, '2 TiB'],
    ['speed', 400_000_000_000, '400 Gbit/s'],
    ['cpu_count', 224, '224'],
    ['virtual', true, 'true'],
    ['kubernetes_roles', ['a', 'b'], 'a, b'],
  ])('%s', (name, value, shown) => {
    expect(formatAttribute(name, value)).toBe(shown);
  });
});

describe('links', () => {
  test('a GPU leads to its board, with cluster and node', () => {
    const link = deepLinks(gpu, itsPlace).find(({ target }) => target === 'gpu');
    expect(link?.path).toBe('/d/fleetlens-gpu-detail?var-cluster=simulated&var-node=sim-1&var-gpu=0');
  });

  test('what several tenants share leads to the cost of none', () => {
    expect(itsPlace.tenants.length).toBeGreaterThan(1);
    expect(deepLinks(server, itsPlace).map(({ target }) => target)).toEqual(['fleet', 'risk']);
    const tenant = { ...server, class: 'tenant', name: 'a&b=c' };
    expect(deepLinks(tenant, { ...itsPlace, node: undefined })[0]?.path).toBe(
      '/d/fleetlens-cost-and-usage?var-tenant=a%26b%3Dc',
    );
  });

  test('a search is escaped', () => {
    expect(searchPath('class:gpu "a&b"')).toBe('/a/fleetlens-gpucluster-app/inventory?q=class%3Agpu+%22a%26b%22');
  });
});

describe('series of the panel', () => {
  const labels = { ci: '1', class: 'server', name: 'sim-1', node: 'sim-1', serial: 'S1' };
  const asSeries = createDataFrame({ fields: [{ name: 'Value', type: FieldType.number, labels, values: [1] }] });
  const asTable = createDataFrame({
    fields: Object.entries(labels).map(([name, value]) => ({ name, type: FieldType.string, values: [value] })),
  });

  test.each([
    ['time series', asSeries],
    ['a table', asTable],
  ])('items are found in %s, by serial number too', (_name, frame) => {
    expect(factsOf(infoFacts([frame]), 's1')).toEqual([{ class: 'server', name: 'sim-1', labels }]);
  });

  test('other series are no items, and pending alerts do not fire', () => {
    const other = createDataFrame({
      fields: [
        { name: 'Value', type: FieldType.number, labels: { alertname: 'Hot', alertstate: 'pending' }, values: [1] },
      ],
    });
    expect([infoFacts([other]), firingSeries([other])]).toEqual([[], []]);
    const firing = createDataFrame({
      fields: [
        { name: 'Value', type: FieldType.number, labels: { alertname: 'Hot', alertstate: 'firing' }, values: [1] },
      ],
    });
    expect(firingSeries([firing])).toHaveLength(1);
  });
});

describe('the list of what breaks', () => {
  const count = (name: string) => ({ class: name, down: 1, degraded: 0 });
  test('jobs first, unless others are asked for that are affected', () => {
    expect(listedClass([count('gpu'), count('application')], undefined)).toBe('application');
    expect(listedClass([count('gpu'), count('application')], 'gpu')).toBe('gpu');
    expect(listedClass([count('gpu')], 'application')).toBe('gpu');
    expect(listedClass([], 'gpu')).toBeUndefined();
  });

  test('10,000 jobs are asked for in few steps', () => {
    const asked = new Set(Array.from({ length: 100 }, (_, index) => nextLimit((index + 1) * 100)));
    expect([...asked]).toEqual([101, 1000, 10_000]);
  });
});
