import type { Page } from '@playwright/test';

export interface MadeUp {
  /** Of the one item, of all that has to do with it, and of whoever works on it. */
  readonly name: string;
  /** So many other items would be down with it. */
  readonly affected?: number;
}

const at = '2026-11-18T00:00:00Z';

/** Inventory and Alertmanager that know one server, number 1, and what has to do with it. */
export async function answerWithOneItem(page: Page, made: MadeUp): Promise<void> {
  await page.route(/\/api\/plugin-proxy\//, (route) => {
    const { pathname, searchParams } = new URL(route.request().url());
    const answer = answers.find(([path]) => path.test(pathname))?.[1];
    return answer === undefined
      ? route.fulfill({ status: 404, json: { error: { code: 'not_found', message: 'no such thing' } } })
      : route.fulfill({ json: answer(made, Number(searchParams.get('limit'))) });
  });
}

type Answer = (made: MadeUp, limit: number) => unknown;

const answers: readonly (readonly [path: RegExp, answer: Answer])[] = [
  [/\/items\/1\/place$/, placeOf],
  [/\/items\/1\/relations$/, relationsOf],
  [/\/items\/1\/impact$/, impactOf],
  [/\/items\/1\/history$/, changesOf],
  [/\/items\/1\/rack$/, rackOf],
  [/\/items\/1$/, itemOf],
  [/\/lookup$/, ({ name }) => ref(1, 'server', name)],
  [/\/search$/, ({ name }) => ({ items: [{ ...ref(1, 'server', name), tenants: [name], serial: name }], total: 1 })],
  [/\/maintenance$/, windowsOf],
  [/\/alertmanager\//, alertsOf],
];

function ref(id: number, itemClass: string, name: string) {
  return { id, class: itemClass, name, state: 'in_service' };
}

function itemOf({ name }: MadeUp) {
  return {
    ...ref(1, 'server', name),
    attributes: { model: name, node: name },
    identities: [{ kind: 'serial', value: name }],
    conflicts: [{ about: 'model', said: { redfish: name, site: 'another' } }],
    last_seen: at,
  };
}

function placeOf({ name }: MadeUp) {
  const [site, rack, tenant] = [ref(2, 'site', name), ref(3, 'rack', name), ref(4, 'tenant', name)];
  return { site, rack, unit: '1', node: name, cluster: name, tenants: [tenant], team: ref(5, 'team', name) };
}

function relationsOf({ name }: MadeUp) {
  return { outgoing: [{ type: 'mounted_in', item: ref(3, 'rack', name) }], incoming: [], total: 1 };
}

function rackOf({ name }: MadeUp) {
  const mounted = [{ ...ref(1, 'server', name), unit: 1, units: 4, node: name, tenants: [name] }];
  return { rack: ref(3, 'rack', name), units: 12, mounted, others: [ref(6, 'pdu', name)] };
}

function impactOf({ name, affected = 1 }: MadeUp, limit: number) {
  const down = { down: affected, degraded: 0 };
  const path = [ref(1, 'server', name), ref(7, 'chassis', name), ref(8, 'application', name)];
  return {
    down: affected + 1,
    degraded: 0,
    classes: [{ class: 'application', ...down }],
    tenants: [{ tenant: ref(4, 'tenant', name), servers: down, gpus: down, applications: down }],
    affected: Array.from({ length: Math.min(affected, limit) }, (_, index) => ({
      ...ref(1000 + index, 'application', `${name} ${index}`),
      impact: 'down',
      distance: 1,
      path,
    })),
    truncated: affected > limit,
  };
}

function changesOf({ name }: MadeUp) {
  const after = itemOf({ name });
  const before = { ...after, attributes: { model: 'before' } };
  const who = { source: name, actor: name, message: name };
  return { changes: [{ sequence: 1, at, ...who, item_id: 1, action: 'updated', before, after }] };
}

function windowsOf({ name }: MadeUp) {
  return { windows: [{ id: 1, title: name, state: 'active', starts_at: at, ends_at: at, created_by: name }] };
}

function alertsOf({ name }: MadeUp) {
  const labels = { alertname: name, severity: 'critical', node: name };
  return [{ labels, annotations: { description: name }, startsAt: at, status: { state: 'active', silencedBy: [] } }];
}
