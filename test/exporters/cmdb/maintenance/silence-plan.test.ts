import {
  countWindows,
  type MaintenanceWindow,
  windowState,
} from '../../../../exporters/cmdb/maintenance/maintenance-window.ts';
import { holdsItem, itemsUnderMaintenance, membersOf } from '../../../../exporters/cmdb/maintenance/members.ts';
import { readAlertmanager } from '../../../../exporters/cmdb/maintenance/read-alertmanager.ts';
import { planSilences } from '../../../../exporters/cmdb/maintenance/silence-plan.ts';
import { escapeRegex, silenceTargets } from '../../../../exporters/cmdb/maintenance/silence-targets.ts';
import type { Silence } from '../../../../kit/alertmanager/silence.ts';
import { createInventory } from '../../../support/cmdb-inventory.ts';
import { ids, siteItems, siteRelations, smallSite } from '../../../support/cmdb-site.ts';

const now = 10_000;
const rules = { createdBy: 'fleetlens-cmdb', leadSeconds: 300 };
const site = smallSite();

function window(more: Partial<MaintenanceWindow> = {}): MaintenanceWindow {
  return {
    id: 7,
    title: 'New PDU',
    scope: { items: [ids.rack1], query: undefined },
    startsAt: now + 100,
    endsAt: now + 3600,
    createdBy: 'ada',
    createdAt: 0,
    changedBy: 'ada',
    changedAt: 0,
    version: 1,
    cancelledAt: undefined,
    ...more,
  };
}

const plan = (windows: readonly MaintenanceWindow[], existing: readonly Silence[] = [], at = now, inventory = site) =>
  planSilences({ inventory, windows, existing, now: at }, rules);

/** The silences that Alertmanager has after the plan. */
function after(windows: readonly MaintenanceWindow[], at = now): readonly Silence[] {
  return plan(windows, [], at).post.map((wish, index) => ({
    ...wish,
    id: `s${index}`,
    state: wish.startsAt <= at ? 'active' : 'pending',
  }));
}

test('a rack holds its servers with all that is in them, and no software', () => {
  const members = membersOf(site, { items: [ids.rack1], query: undefined });
  expect([...members].sort((a, b) => a - b)).toEqual(
    [ids.rack1, ids.node1, ids.node2, ids.gpu0, ids.gpu1, ids.nic, ids.bmc].sort((a, b) => a - b),
  );
});

test('a query is answered at the time', () => {
  const scope = { items: [], query: { class: 'server', match: { rack: ['R1'] } } } as const;
  expect([...membersOf(site, scope)]).toEqual(expect.arrayContaining([ids.node1, ids.node2]));
  const moved = createInventory(
    siteItems,
    siteRelations.filter(([from, type]) => from !== ids.node2 || type !== 'located_in'),
  );
  expect(membersOf(moved, scope).has(ids.node2)).toBe(false);
});

test('what holds an item is found from the item, too', () => {
  for (const scope of [
    { items: [ids.rack1], query: undefined },
    { items: [ids.leaf], query: { class: 'server', match: { has_gpus: ['true'] } } },
  ] as const) {
    const members = membersOf(site, scope);
    for (const { id } of site.items()) expect([id, holdsItem(site, scope, id)]).toEqual([id, members.has(id)]);
  }
});

test('items in a ring are each looked at once', () => {
  const ring = createInventory(
    [1, 2].map((id) => ({ id, class: 'rack' }) as const),
    [
      [1, 'located_in', 2],
      [2, 'located_in', 1],
    ],
  );
  expect(membersOf(ring, { items: [1], query: undefined }).size).toBe(2);
});

test('nodes are silenced by node, GPUs of other nodes by UUID, and switches by name', () => {
  const targets = (items: readonly number[]) => silenceTargets(site, membersOf(site, { items, query: undefined }));
  expect(targets([ids.rack1])).toEqual([{ label: 'node', patterns: ['node-1', 'node-2'] }]);
  expect(targets([ids.gpu0, ids.gpu1])).toEqual([
    {
      label: 'uuid',
      patterns: ['(?i:gpu-bbbb0000-0000-4000-8000-00000000000b)', 'GPU-aaaa0000-0000-4000-8000-00000000000a'],
    },
  ]);
  expect(targets([ids.leaf])).toEqual([{ label: 'switch', patterns: ['leaf-1'] }]);
});

test('a name stands for itself, whatever characters it has', () => {
  const name = 'a.b*c+(d)|[e]{f}^g$\\h?';
  expect(new RegExp(`^(?:${escapeRegex(name)})$`).test(name)).toBe(true);
  expect(new RegExp(`^(?:${escapeRegex('a.b')})$`).test('axb')).toBe(false);
});

test('a silence is made a little before the start, kept while it is right, and ended with the window', () => {
  expect(plan([window({ startsAt: now + 301 })]).post).toEqual([]);
  const [posted] = plan([window()]).post;
  expect(posted).toEqual({
    matchers: [{ name: 'node', value: 'node-1|node-2', isRegex: true, isEqual: true }],
    startsAt: now + 100,
    endsAt: now + 3600,
    createdBy: 'fleetlens-cmdb',
    comment: '[window 7 node 1] New PDU',
  });
  const existing = after([window()]);
  expect(plan([window()], existing)).toEqual({ post: [], expire: [], kept: 1 });
  expect(plan([window({ cancelledAt: now })], existing).expire).toEqual(['s0']);
  expect(plan([], existing).expire).toEqual(['s0']);
  expect(plan([window()], existing, now + 3600).expire).toEqual(['s0']);
});

test('an extension keeps the start of the silence that is active', () => {
  const existing = after([window({ startsAt: now - 50 })]).map((silence) => ({ ...silence, startsAt: now - 10 }));
  expect(plan([window({ startsAt: now - 50 })], existing).post).toEqual([]);
  const [extended] = plan([window({ startsAt: now - 50, endsAt: now + 9000 })], existing).post;
  expect(extended).toMatchObject({ id: 's0', startsAt: now - 10, endsAt: now + 9000 });
});

test('another membership changes the silence', () => {
  const existing = after([window()]);
  const fewer = createInventory(
    siteItems,
    siteRelations.filter(([from]) => from !== ids.node2),
  );
  expect(plan([window()], existing, now, fewer).post).toMatchObject([{ id: 's0', matchers: [{ value: 'node-1' }] }]);
});

test('silences of others are not touched, even those that look like ours', () => {
  const [ours] = after([window()]);
  const foreign = [
    { ...ours, id: 'f1', createdBy: 'ada' },
    { ...ours, id: 'f2', comment: 'by hand' },
    { ...ours, id: 'f3', state: 'expired' },
  ] as readonly Silence[];
  expect(plan([], foreign)).toEqual({ post: [], expire: [], kept: 0 });
  expect(plan([window()], foreign).post).toMatchObject([{ comment: '[window 7 node 1] New PDU' }]);
  expect(plan([window()], foreign).post[0]).not.toHaveProperty('id');
});

test('many nodes are spread over silences of bounded length', () => {
  const servers = Array.from({ length: 1250 }, (_, index) => ({
    id: index + 1,
    class: 'server' as const,
    name: `n${index}`,
    attributes: { node: `a-rather-long-name-of-a-node-${index}.example.com` },
  }));
  const { post } = plan(
    [window({ scope: { items: [], query: { class: 'server', match: {} } } })],
    [],
    now,
    createInventory(servers),
  );
  const values = post.map(({ matchers: [matcher] }) => matcher?.value ?? '');
  expect(values.every((value) => value.length <= 4100 && value.split('|').length <= 200)).toBe(true);
  expect(values.flatMap((value) => value.split('|'))).toHaveLength(1250);
  expect(new Set(post.map(({ comment }) => comment)).size).toBe(post.length);
});

test('what is under maintenance: by a window that is open, or by state', () => {
  const inventory = createInventory(
    siteItems.map((item) => (item.id === ids.node3 ? ({ ...item, state: 'maintenance' } as const) : item)),
    siteRelations,
  );
  const names = (windows: readonly MaintenanceWindow[]) =>
    itemsUnderMaintenance(inventory, windows).map(({ id }) => id);
  expect(names([])).toEqual([ids.node3]);
  expect(names([window({ scope: { items: [ids.node1], query: undefined } })])).toEqual(
    [ids.node1, ids.node3, ids.gpu0, ids.gpu1, ids.nic, ids.bmc].sort((a, b) => a - b),
  );
});

test('windows are counted by state', () => {
  const windows = [window(), window({ startsAt: now }), window({ endsAt: now }), window({ cancelledAt: now })];
  expect(windows.map((each) => windowState(each, now))).toEqual(['scheduled', 'active', 'ended', 'cancelled']);
  expect(countWindows(windows, now)).toEqual({ scheduled: 1, active: 1 });
});

test.each([
  [{ url: 'alertmanager:9093' }, 'alertmanager.url must be an http or https address'],
  [{ url: 'http://u:p@am:9093' }, 'must not hold a user name or password'],
  [{ url: 'http://am:9093', lead: 5 }, 'alertmanager.lead must be a duration'],
  [{ url: 'http://am:9093', token: 'x' }, 'has the unknown key token; it may have url, token_file'],
  [{ url: 'http://am:9093', ca_file: '/none' }, 'the file /none cannot be read'],
])('%j is refused', (value, reason) => {
  const readFile = (): string => {
    throw new Error('no such file');
  };
  expect(() => readAlertmanager({ value, where: 'cmdb.yaml: alertmanager' }, { readFile })).toThrow(reason);
});

test('the address is all that has to be said', () => {
  const config = readAlertmanager({ value: { url: 'http://am:9093' }, where: 'x' }, { readFile: () => '' });
  expect(config).toMatchObject({ leadSeconds: 300, createdBy: 'fleetlens-cmdb' });
  expect(readAlertmanager({ value: undefined, where: 'x' }, { readFile: () => '' })).toBeUndefined();
});
