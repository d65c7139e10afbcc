import { readAlerts } from '../../../../grafana-plugin/src/panels/cmdblookup/answers/alerts';
import { readChanges } from '../../../../grafana-plugin/src/panels/cmdblookup/answers/changes';
import { impactQuestion, readImpact } from '../../../../grafana-plugin/src/panels/cmdblookup/answers/impact';
import { readItem } from '../../../../grafana-plugin/src/panels/cmdblookup/answers/item';
import { newWindowQuestion, readWindows } from '../../../../grafana-plugin/src/panels/cmdblookup/answers/maintenance';
import { readPlace } from '../../../../grafana-plugin/src/panels/cmdblookup/answers/place';
import { readRack } from '../../../../grafana-plugin/src/panels/cmdblookup/answers/rack';
import { readRelations } from '../../../../grafana-plugin/src/panels/cmdblookup/answers/relations';
import { readHits, searchQuestion } from '../../../../grafana-plugin/src/panels/cmdblookup/answers/search';
import alerts from '../../../fixtures/grafana-plugin/cmdb/alerts.json';
import history from '../../../fixtures/grafana-plugin/cmdb/history.json';
import impact from '../../../fixtures/grafana-plugin/cmdb/impact.json';
import itemGpu from '../../../fixtures/grafana-plugin/cmdb/item-gpu.json';
import itemServer from '../../../fixtures/grafana-plugin/cmdb/item-server.json';
import maintenance from '../../../fixtures/grafana-plugin/cmdb/maintenance.json';
import begun from '../../../fixtures/grafana-plugin/cmdb/maintenance-begun.json';
import place from '../../../fixtures/grafana-plugin/cmdb/place.json';
import rack from '../../../fixtures/grafana-plugin/cmdb/rack.json';
import relations from '../../../fixtures/grafana-plugin/cmdb/relations.json';
import search from '../../../fixtures/grafana-plugin/cmdb/search.json';

test('a server', () => {
  const item = readItem(itemServer);
  expect(item).toMatchObject({
    class: 'server',
    name: 'sim-1',
    state: 'in_service',
    missingSince: undefined,
    conflicts: [],
  });
  expect(item.attributes.rack_unit).toBe(2);
  expect(item.identities).toContainEqual({ kind: 'hostname', value: 'sim-1' });
  expect(item.lastSeen).toMatch(/^2026-/);
});

test('a GPU', () => {
  expect(readItem(itemGpu)).toMatchObject({ class: 'gpu', attributes: { gpu_index: '0' } });
});

test('sources that disagree', () => {
  const { conflicts } = readItem({ ...itemServer, conflicts: [{ about: 'model', said: { netbox: 'A', redfish: 7 } }] });
  expect(conflicts).toEqual([
    {
      about: 'model',
      said: [
        ['netbox', 'A'],
        ['redfish', '7'],
      ],
    },
  ]);
});

test('what is found', () => {
  const { hits, total } = readHits(search);
  expect(total).toBeGreaterThan(hits.length);
  expect(hits[0]).toMatchObject({ name: 'sim-1', rack: 'sim-rack-1', unit: '2', node: 'sim-1' });
});

test.each([
  ['fd00::1:2', '"fd00::1:2"'],
  ['00:11:22:33:44:55', '"00:11:22:33:44:55"'],
  ['class:server', 'class:server'],
  ['sim-1', 'sim-1'],
])('%s is searched for as %s: addresses are no filters', (typed, asked) => {
  expect(searchQuestion(typed, 5).params?.q).toBe(asked);
});

test('where it is and whose', () => {
  const { rack: itsRack, unit, tenants, node } = readPlace(place);
  expect([itsRack?.name, unit, node]).toEqual(['sim-rack-1', '2', 'sim-1']);
  expect(tenants.length).toBeGreaterThan(0);
});

test('a rack', () => {
  const { units, mounted, others } = readRack(rack);
  expect(units).toBe(48);
  expect(mounted[0]).toMatchObject({ name: 'sim-1', unit: 2, units: 8 });
  expect(others.map(({ class: itemClass }) => itemClass)).toContain('pdu');
});

test('relations, without those whose other end was deleted meanwhile', () => {
  const { outgoing, incoming, total } = readRelations(relations);
  expect(outgoing.map(({ type }) => type)).toContain('located_in');
  expect(incoming.some(({ other }) => other.class === 'gpu')).toBe(true);
  expect(total).toBeGreaterThanOrEqual(outgoing.length + incoming.length);
  const torn = { outgoing: [{ type: 'runs_on', from: 1, to: 2, source: 'x', since: 'y' }], incoming: [], total: 1 };
  expect(readRelations(torn).outgoing).toEqual([]);
});

test('what breaks, and for whom', () => {
  const { down, tenants, affected, isTruncated } = readImpact(impact);
  expect(down).toBeGreaterThan(affected.length);
  expect(isTruncated).toBe(true);
  expect(tenants[0]?.applications.down).toBeGreaterThan(0);
  expect(affected[0]).toMatchObject({ class: 'application', impact: 'down' });
  expect(
    readImpact({ ...impact, tenants: [{ ...impact.tenants[0], tenant: null }] }).tenants[0]?.tenant,
  ).toBeUndefined();
});

test('only wanted classes are asked for', () => {
  expect(impactQuestion(7, { classes: ['gpu'], limit: 5 }).params).toEqual({ class: 'gpu', limit: 5 });
  expect(impactQuestion(7, { classes: [], limit: 5 }).params).toEqual({ limit: 5 });
});

test('changes with what was before', () => {
  const [first] = readChanges(history);
  expect(first?.after?.name).toBe('sim-1');
  expect(readChanges({ changes: [{ ...history.changes[0], before: null }] })[0]?.before).toBeUndefined();
});

test('maintenance windows, and one that was begun', () => {
  expect(readWindows(maintenance)).toEqual([expect.objectContaining({ title: 'New fan in sim-1', state: 'active' })]);
  const question = newWindowQuestion({ title: 'New fan', items: [1], startsAt: undefined, duration: '2h' });
  expect(question.body).toEqual({ title: 'New fan', scope: { items: [1] }, duration: '2h' });
  expect(question.read(begun).holds).toBe(24);
});

test('alerts, and which of them are told by others', () => {
  const read = readAlerts(alerts);
  expect(read[0]?.labels.node).toBe('sim-1');
  expect(read.map(({ isInhibited }) => isInhibited)).toContain(true);
  expect(readAlerts([{ labels: {}, status: { silencedBy: ['x'] } }])[0]?.isSilenced).toBe(true);
});

test.each([
  ['an item', readItem],
  ['hits', readHits],
  ['a place', readPlace],
  ['a rack', readRack],
  ['relations', readRelations],
  ['an impact', readImpact],
  ['changes', readChanges],
  ['windows', readWindows],
  ['alerts', readAlerts],
])('%s of another service is refused and not shown half', (_name, read: (value: unknown) => unknown) => {
  for (const foreign of [
    null,
    'text',
    7,
    { items: 'none', id: 'x', total: 'x', changes: {}, windows: 3, rack: 1, site: 7 },
  ])
    expect(() => read(foreign)).toThrow(Error);
});
