import fc from 'fast-check';
import { type ClaimContent, fingerprintOf } from '../../../../exporters/cmdb/inventory/claim.ts';
import { createMemoryInventory } from '../../../../exporters/cmdb/inventory/memory-inventory.ts';
import { type ClaimHead, type ReconcileInput, reconcile } from '../../../../exporters/cmdb/inventory/reconcile.ts';
import type { Item, Relation } from '../../../../exporters/cmdb/model/item.ts';
import type { ObservedItem } from '../../../../exporters/cmdb/observation.ts';
import { content, identitiesFrom, item, observation, observed, relation } from '../../../support/cmdb-observed.ts';

function inventoryOf(items: readonly Item[], relations: readonly Relation[] = []) {
  const inventory = createMemoryInventory(0);
  for (const each of items) inventory.put(each);
  for (const each of relations) inventory.open(each);
  return inventory;
}

function look(items: readonly ObservedItem[], more: Partial<ReconcileInput> = {}) {
  return reconcile({
    inventory: inventoryOf([]),
    claims: new Map(),
    observation: observation(items),
    mayCreate: true,
    maxMissingRatio: 0.2,
    check: () => [],
    ...more,
  });
}

function head(given: ClaimContent, more: Partial<ClaimHead> = {}): ClaimHead {
  return { fingerprint: fingerprintOf(given), scope: given.scope, missingSince: undefined, ...more };
}

const known = item(7, 'server', {
  name: 'node-1',
  identities: identitiesFrom({ serial: 'dell/a', hostname: 'node-1' }),
});

test('what is new is created, with relations to what is new', () => {
  const { plan } = look([
    observed('rack', 'r1', { name: 'r1' }),
    observed('server', 'n1', { serial: 'dell/a' }, { relations: [{ type: 'located_in', to: 'r1' }] }),
  ]);
  expect(plan.created.map(({ id, class: itemClass }) => [id, itemClass])).toEqual([
    [-1, 'rack'],
    [-2, 'server'],
  ]);
  expect(plan.created[1]?.content.relations).toEqual([{ type: 'located_in', to: -1 }]);
});

test('a host name is enough to find what has a serial, and the other way round', () => {
  const inventory = inventoryOf([known]);
  expect(
    look([observed('server', 'x', { hostname: 'node-1' })], { inventory }).plan.updated.map(({ id }) => id),
  ).toEqual([7]);
  expect(
    look([observed('server', 'x', { serial: 'dell/a', hostname: 'renamed' })], { inventory }).plan.updated.map(
      ({ id }) => id,
    ),
  ).toEqual([7]);
});

test('after the host name moved to other hardware, each hardware is its own item', () => {
  const inventory = inventoryOf([known]);
  const { plan } = look(
    [
      observed('server', 'new', { serial: 'dell/b', hostname: 'node-1' }),
      observed('server', 'old', { serial: 'dell/a' }),
    ],
    { inventory },
  );
  expect(plan.updated.map(({ id, content: { name } }) => [id, name])).toEqual([[7, 'old']]);
  expect(plan.created.map(({ content: { name } }) => name)).toEqual(['new']);
});

test('other hardware under the same name alone is the same item, and somebody is told', () => {
  const { plan } = look([observed('server', 'node-1', { serial: 'dell/b', hostname: 'node-1' })], {
    inventory: inventoryOf([known]),
  });
  expect(plan.updated.map(({ id }) => id)).toEqual([7]);
  expect(plan.findings).toMatchObject([{ kind: 'conflict', itemId: 7 }]);
  expect(plan.findings[0]?.reason).toContain('dell/a and now has dell/b');
});

test('identities that lead to two items are a conflict, and the surest decides', () => {
  const other = item(8, 'server', { name: 'node-2', identities: identitiesFrom({ hostname: 'node-2' }) });
  const { plan } = look([observed('server', 'x', { serial: 'dell/a', hostname: 'node-2' })], {
    inventory: inventoryOf([known, other]),
  });
  expect(plan.updated.map(({ id }) => id)).toEqual([7]);
  expect(plan.findings).toMatchObject([{ kind: 'conflict', subject: 'server hostname node-2' }]);
});

test('two records of one system are two items, though they share a name', () => {
  const recorded = item(9, 'server', {
    identities: identitiesFrom({ external: 'netbox:dcim.device:1', hostname: 'node' }),
  });
  const { plan } = look([observed('server', 'x', { external: 'netbox:dcim.device:2', hostname: 'node' })], {
    inventory: inventoryOf([recorded]),
  });
  expect(plan.created).toHaveLength(1);
});

test('a serial that two rows share tells nothing; both rows are kept apart and reported', () => {
  const { plan } = look([
    observed('server', 'a', { serial: 'dell/same', hostname: 'a' }),
    observed('server', 'b', { serial: 'dell/same', hostname: 'b' }),
  ]);
  expect(plan.created.map(({ content: { identities } }) => identities)).toEqual([
    identitiesFrom({ hostname: 'a' }),
    identitiesFrom({ hostname: 'b' }),
  ]);
  expect(plan.findings).toMatchObject([{ kind: 'conflict', subject: 'server serial dell/same' }]);
});

test('what is told twice is one thing', () => {
  const { plan } = look([
    observed('gpu', 'a', { uuid: 'gpu-1' }, { attributes: { model: 'H200' } }),
    observed('gpu', 'b', { uuid: 'gpu-1', serial: 'nvidia/1' }, { attributes: { model: 'other', serial: '1' } }),
    observed('mig_instance', 'm', { placement: 'gpu-1/1g/0' }, { relations: [{ type: 'part_of', to: 'b' }] }),
  ]);
  expect(plan.created.map(({ content: { attributes } }) => attributes)).toEqual([{ model: 'H200', serial: '1' }, {}]);
  expect(plan.created[1]?.content.relations).toEqual([{ type: 'part_of', to: -1 }]);
});

test('the same as before changes nothing', () => {
  const claims = new Map([[7, head(content({ name: 'node-1', identities: known.identities }))]]);
  const { plan } = look([observed('server', 'node-1', { serial: 'dell/a', hostname: 'node-1' })], {
    inventory: inventoryOf([known]),
    claims,
  });
  expect(plan).toMatchObject({ created: [], updated: [], unchanged: [7], missing: [], returned: [] });
});

test('what a source sees again has returned', () => {
  const claims = new Map([[7, head(content({ name: 'node-1', identities: known.identities }), { missingSince: 5 })]]);
  const { plan } = look([observed('server', 'node-1', { serial: 'dell/a', hostname: 'node-1' })], {
    inventory: inventoryOf([known]),
    claims,
  });
  expect(plan).toMatchObject({ unchanged: [7], returned: [7] });
});

test('a source that may not create lists what it does not find', () => {
  const { plan } = look([observed('server', 'stray', { serial: 'dell/z' })], { mayCreate: false });
  expect(plan.created).toEqual([]);
  expect(plan.findings).toMatchObject([{ kind: 'unknown', subject: 'server stray' }]);
});

test('a mention creates nothing, and leads to what is there', () => {
  const leaf = item(3, 'switch', { identities: identitiesFrom({ mac: '00:11:22:33:44:55' }) });
  const mention = (mac: string) => observed('switch', mac, { mac }, { isMention: true });
  const { plan } = look(
    [
      observed(
        'server',
        'n',
        { serial: 'dell/a' },
        {
          relations: [
            { type: 'connected_to', to: '00:11:22:33:44:55' },
            { type: 'connected_to', to: '00:00:00:00:00:01' },
          ],
        },
      ),
      mention('00:11:22:33:44:55'),
      mention('00:00:00:00:00:01'),
    ],
    { inventory: inventoryOf([leaf]) },
  );
  expect(plan.created.map(({ content: { relations } }) => relations)).toEqual([[{ type: 'connected_to', to: 3 }]]);
  expect(plan.updated).toEqual([]);
  expect(plan.findings).toMatchObject([{ kind: 'unknown' }]);
});

describe('missing', () => {
  const fleet = Array.from({ length: 100 }, (_, index) =>
    item(index + 1, 'server', { identities: identitiesFrom({ serial: `s/${index}` }) }),
  );
  const claims = new Map(fleet.map(({ id }) => [id, head(content({ scope: `bmc-${id}` }))]));
  const seen = (from: number) =>
    fleet
      .slice(from)
      .map(({ id, identities }) => ({ ...observed('server', String(id), {}), identities, scope: `bmc-${id}` }));
  const inventory = inventoryOf(fleet);

  test('what a complete look does not see is missing', () => {
    expect(look(seen(3), { inventory, claims })).toMatchObject({ plan: { missing: [1, 2, 3] }, refusal: undefined });
  });

  test('a look that saw only a part takes nothing for missing', () => {
    const partial = observation(seen(3), { isComplete: false });
    expect(look([], { inventory, claims, observation: partial }).plan.missing).toEqual([]);
  });

  test('what could not be looked at is not missing', () => {
    const withFailure = observation(seen(3), { failedScopes: ['bmc-2'] });
    expect(look([], { inventory, claims, observation: withFailure }).plan.missing).toEqual([1, 3]);
  });

  test('a source that suddenly sees 3 % is refused, and says with which setting', () => {
    const { refusal } = look(seen(97), { inventory, claims });
    expect(refusal).toContain('3 of the 100');
    expect(refusal).toContain('max_missing');
  });

  test('so is one that sees nothing', () => {
    expect(look([], { inventory, claims }).refusal).toContain('0 of the 100');
  });

  test('unless it is allowed', () => {
    expect(look([], { inventory, claims, maxMissingRatio: Number.POSITIVE_INFINITY })).toMatchObject({
      refusal: undefined,
    });
  });

  test('exactly the share that is allowed may go', () => {
    expect(look(seen(20), { inventory, claims }).refusal).toBeUndefined();
    expect(look(seen(21), { inventory, claims }).refusal).toBeDefined();
  });

  test('a small fleet may lose a few', () => {
    const few = new Map([...claims].slice(0, 5));
    expect(look([], { inventory, claims: few }).refusal).toBeUndefined();
  });

  test('applications come and go in any number', () => {
    const apps = fleet.map(({ id, identities }) => item(id, 'application', { identities }));
    expect(look([], { inventory: inventoryOf(apps), claims }).refusal).toBeUndefined();
  });
});

describe('rings', () => {
  test('within a look', () => {
    const { plan } = look([
      observed('rack', 'a', { name: 'a' }, { relations: [{ type: 'located_in', to: 'b' }] }),
      observed('rack', 'b', { name: 'b' }, { relations: [{ type: 'located_in', to: 'a' }] }),
    ]);
    expect(plan.created.flatMap(({ content: { relations } }) => relations)).toEqual([{ type: 'located_in', to: -2 }]);
    expect(plan.findings).toMatchObject([{ kind: 'invalid', subject: 'rack b located_in' }]);
  });

  test('with what is there', () => {
    const room = item(1, 'room', { identities: identitiesFrom({ name: 'room' }) });
    const rack = item(2, 'rack', { identities: identitiesFrom({ name: 'rack' }) });
    const inventory = inventoryOf([room, rack], [relation(1, 'located_in', 2, 1)]);
    const { plan } = look(
      [
        observed('room', 'room', { name: 'room' }, { relations: [{ type: 'located_in', to: 'rack' }] }),
        observed('rack', 'rack', { name: 'rack' }, { isMention: true }),
      ],
      { inventory },
    );
    expect(plan.updated.flatMap(({ content: { relations } }) => relations)).toEqual([]);
    expect(plan.findings).toMatchObject([{ kind: 'invalid' }]);
  });

  test('to itself', () => {
    const { plan } = look([observed('rack', 'a', { name: 'a' }, { relations: [{ type: 'located_in', to: 'a' }] })]);
    expect(plan.created.map(({ content: { relations } }) => relations)).toEqual([[]]);
  });
});

describe('what cannot be taken over', () => {
  test('an item without an identity of its class', () => {
    const { plan } = look([observed('gpu', 'g', { hostname: 'x' })]);
    expect(plan.created).toEqual([]);
    expect(plan.findings).toMatchObject([{ kind: 'invalid', subject: 'gpu g' }]);
  });

  test('attributes with bad names and values', () => {
    const attributes = { good: 1, 'Bad Name': 'x', not_a_number: Number.NaN, ['__proto__x']: 'y' };
    const { plan } = look([observed('rack', 'r', { name: 'r' }, { attributes })]);
    expect(plan.created[0]?.content.attributes).toEqual({ good: 1 });
    expect(plan.findings[0]?.reason).toContain('not_a_number: no finite number');
  });

  test('attributes that the schema of the site forbids', () => {
    const check = () => [{ attribute: 'owner_code', reason: 'must match pattern' }];
    const { plan } = look([observed('rack', 'r', { name: 'r' }, { attributes: { owner_code: 'x', other: 'y' } })], {
      check,
    });
    expect(plan.created[0]?.content.attributes).toEqual({ other: 'y' });
    expect(plan.findings[0]?.reason).toContain('owner_code: must match pattern');
  });

  test('control characters and halves of characters become harmless', () => {
    const { plan } = look([
      observed('rack', 'r', { name: 'r' }, { name: 'a\u0000b\u001b[31m', attributes: { note: '\ud800x' } }),
    ]);
    expect(plan.created[0]?.content).toMatchObject({ name: 'a b [31m', attributes: { note: '\ufffdx' } });
  });
});

test('every thing is created, updated, unchanged or reported, whatever the identities', () => {
  const kinds = fc.record({
    serial: fc.option(fc.constantFrom('x/1', 'x/2', 'x/3'), { nil: undefined }),
    hostname: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined }),
    mac: fc.option(fc.constantFrom('m1', 'm2'), { nil: undefined }),
  });
  const inventory = inventoryOf([
    known,
    item(8, 'server', { identities: identitiesFrom({ serial: 'x/1', hostname: 'b' }) }),
  ]);
  fc.assert(
    fc.property(fc.array(kinds, { maxLength: 8 }), (given) => {
      const items = given.map((identities, index) =>
        observed(
          'server',
          String(index),
          Object.fromEntries(Object.entries(identities).filter(([, value]) => value !== undefined)),
        ),
      );
      const { plan } = look(items, { inventory });
      const ids = [...plan.updated.map(({ id }) => id), ...plan.created.map(({ id }) => id), ...plan.unchanged];
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.length + plan.findings.length).toBeGreaterThanOrEqual(Math.min(1, items.length));
      const owned = plan.created.flatMap(({ content: { identities } }) =>
        identities.map(({ kind, value }) => `${kind} ${value}`),
      );
      expect(new Set(owned).size).toBe(owned.length);
    }),
  );
});
