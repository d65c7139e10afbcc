import fc from 'fast-check';
import { createFinder, type Finder } from '../../../../exporters/cmdb/find/create-finder.ts';
import { FindError } from '../../../../exporters/cmdb/find/find-language.ts';
import { fold } from '../../../../exporters/cmdb/find/fold.ts';
import type { Inventory } from '../../../../exporters/cmdb/inventory/inventory.ts';
import { fleetInventory, smallFleet } from '../../../support/cmdb-fleet.ts';
import { createInventory, type ItemSketch, type RelationSketch } from '../../../support/cmdb-inventory.ts';

const items: readonly ItemSketch[] = [
  { id: 1, class: 'rack', name: 'r12' },
  {
    id: 2,
    class: 'server',
    name: 'node-2',
    attributes: { model: 'SYS-821GE', tags: ['Liquid Cooled', 'loan'], gpu_count: 8 },
    identities: [
      { kind: 'hostname', value: 'node-2' },
      { kind: 'serial', value: 'supermicro/s1000' },
      { kind: 'ip', value: '10.0.0.2' },
    ],
  },
  {
    id: 3,
    class: 'gpu',
    name: 'node-2/gpu0',
    state: 'failed',
    attributes: { model: 'NVIDIA H200' },
    identities: [
      { kind: 'uuid', value: 'gpu-5c1f2a00-1111-4222-8333-444455556666' },
      { kind: 'serial', value: 'nvidia/1653922000001' },
    ],
  },
  { id: 4, class: 'nic', name: 'node-2/ib0', identities: [{ kind: 'mac', value: '3c:ec:ef:12:34:56' }] },
  { id: 5, class: 'server', name: 'node-10', identities: [{ kind: 'ip', value: '10.0.0.20' }] },
  { id: 6, class: 'tenant', name: 'blue' },
  { id: 7, class: 'server', name: 'Straße-ΟΔΟΣΑ', attributes: { note: "<b>'; DROP TABLE items; --" } },
];
const relations: readonly RelationSketch[] = [
  [2, 'located_in', 1],
  [3, 'installed_on', 2],
  [4, 'installed_on', 2],
  [2, 'owned_by', 6],
];
const finder = createFinder(createInventory(items, relations));

test.each<[typed: string, ids: readonly number[]]>([
  ['1653922000001', [3]],
  ['16539', [3]],
  ['NVIDIA/1653922000001', [3]],
  ['5c1f2a00', [3]],
  ['GPU-5C1F', [3]],
  ['10.0.0.2', [2, 5]],
  ['3c:ec:ef:12:34:56', [4]],
  ['3C-EC-EF-12-34-56', [4]],
  ['3cec.ef12.3456', [4]],
  ['3cecef123456', [4]],
  ['3c-ec', [4]],
  ['node-2', [2, 3, 4]],
  ['node', [2, 3, 4, 5]],
  ['liquid', [2]],
  ['"liquid cooled"', [2]],
  ['h200 node-2', [3]],
  ['h200 node-10', []],
  ['blue', [6, 2, 3, 4]],
  ['gpu blue', [3]],
  ['r12', [1, 2, 3, 4]],
  ['strasse', [7]],
  ['οδος', [7]],
  ['ΟΔΟσ', [7]],
  ['drop table', [7]],
  ['.*', []],
  ['[', []],
  ['%', []],
  ['class:gpu state:failed rack:r12 tenant:blue model:"nvidia h200"', [3]],
  ['class:gpu tenant:green', []],
  ['class:server -rack:r12', [5, 7]],
  ['rack:R1*', [2, 3, 4, 1]],
  ['gpu_count:8', [2]],
  ['tags:loan', [2]],
  ['serial:1653922000001', [3]],
  ['serial:nvidia/1653922000001', [3]],
  ['mac:3C-EC-EF-12-34-56', [4]],
  ['ip:10.0.0.2', [2]],
  ['host:node-2', [2]],
  ['node:node-2', [2, 3, 4]],
  ['id:5', [5]],
  ['class:gpu,nic', [3, 4]],
])('%p', (typed, ids) => {
  expect(idsOf(finder, typed)).toEqual(ids);
});

test('an exact identity comes first, then the exact name, beginnings, beginnings of words, and what is inside', () => {
  const named = (id: number, name: string, value?: string): ItemSketch => ({
    id,
    class: 'server',
    name,
    identities: value === undefined ? [] : [{ kind: 'hostname', value }],
  });
  const ranked = createFinder(
    createInventory([
      named(1, 'xabc'),
      named(2, 'the-abc'),
      named(3, 'abcd'),
      named(4, 'abc'),
      named(5, 'zzz', 'abc'),
      named(6, 'yyy', 'abcdef'),
    ]),
  );
  expect(idsOf(ranked, 'abc')).toEqual([5, 4, 3, 6, 2, 1]);
});

test('numbers in names stand in their order', () => {
  expect(idsOf(finder, 'class:server node')).toEqual([2, 5]);
});

test('a single letter finds what begins with it', () => {
  expect(idsOf(finder, 'b')).toEqual([6, 2, 3, 4]);
});

describe('pages', () => {
  const fleet = fleetInventory(smallFleet).inventory;

  test('hold everything once and in order, however large they are', () => {
    const whole = createFinder(fleet).find('node-1', { limit: 1000 });
    expect(whole.total).toBeGreaterThan(100);
    expect(whole.cursor).toBeUndefined();
    for (const limit of [1, 7, 50]) {
      const { ids, totals } = pagesOf(createFinder(fleet), 'node-1', limit);
      expect(ids).toEqual(whole.items.map(({ id }) => id));
      expect(new Set(totals)).toEqual(new Set([whole.total]));
    }
  });

  test('go on where they were when items come and go in between', () => {
    const sketches = Array.from(
      { length: 20 },
      (_, index): ItemSketch => ({ id: index + 1, class: 'server', name: `node-${index + 1}` }),
    );
    const changing = changeable(createInventory(sketches));
    const one = createFinder(changing.inventory);
    const first = one.find('node', { limit: 10 });
    changing.becomes(createInventory(sketches.filter(({ id }) => id !== 3 && id !== 12)));
    const second = one.find('node', { limit: 10, cursor: first.cursor });
    expect(second.items.map(({ id }) => id)).toEqual([11, 13, 14, 15, 16, 17, 18, 19, 20]);
  });

  test.each(['', 'x', 'W10', Buffer.from('[1,2,3]').toString('base64url'), 'A'.repeat(100_000)])(
    'the cursor %p is refused',
    (cursor) => {
      expect(() => finder.find('node', { cursor })).toThrow(FindError);
    },
  );

  test.each([0, -1, 1e9, Number.NaN])('a limit of %p is brought into bounds', (limit) => {
    const { items: found } = createFinder(fleet).find('', { limit });
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThanOrEqual(1000);
  });
});

describe('after a change', () => {
  const changed: readonly ItemSketch[] = items
    .filter(({ id }) => id !== 5)
    .map((item) => (item.id === 2 ? { ...item, name: 'renamed' } : item));

  test('items are found by what they are now, without a refresh', () => {
    const changing = changeable(createInventory(items, relations));
    const one = createFinder(changing.inventory);
    expect(idsOf(one, 'node-10')).toEqual([5]);
    changing.becomes(createInventory([...changed, { id: 8, class: 'server', name: 'brand-new' }], relations));
    expect([idsOf(one, 'node-10'), idsOf(one, 'renamed'), idsOf(one, 'brand-new')]).toEqual([[], [2], [8]]);
  });

  test('filters tell where items are now; words for the place follow at the refresh', () => {
    const before = createInventory(items, relations);
    const changing = changeable(before);
    const one = createFinder(changing.inventory);
    expect(idsOf(one, 'gpu blue')).toEqual([3]);
    // The same items, another owner.
    const after = createInventory(items, relations.slice(0, 3));
    changing.becomes({ ...after, items: before.items, item: before.item });
    expect(idsOf(one, 'class:gpu tenant:blue')).toEqual([]);
    expect(idsOf(one, 'gpu blue')).toEqual([3]);
    expect(one.refresh()).toBe(true);
    expect(idsOf(one, 'gpu blue')).toEqual([]);
  });

  test('a refresh can be done in pieces', () => {
    const { inventory } = fleetInventory(smallFleet);
    const one = createFinder(inventory);
    let pieces = 1;
    while (!one.refresh(1)) pieces++;
    expect(pieces).toBe(Math.ceil(inventory.size / 512));
    expect(one.refresh(1)).toBe(true);
  });
});

test('finds what a plain look at every text finds', () => {
  const { inventory } = fleetInventory(smallFleet);
  const one = createFinder(inventory);
  const names = [...inventory.items()].map(({ name }) => name);
  const piece = fc
    .tuple(fc.constantFrom(...names), fc.nat(10), fc.integer({ min: 2, max: 8 }))
    .map(([name, from, length]) => name.slice(from, from + length))
    .filter((text) => fold(text).length > 1 && !/[\s:"]/.test(text));
  fc.assert(
    fc.property(piece, (typed) => {
      const found = new Set(allIds(one, typed));
      for (const item of inventory.items())
        if (fold(item.name).includes(fold(typed)) && !found.has(item.id))
          throw new Error(`${item.name} is not found by ${typed}`);
    }),
    { numRuns: 50 },
  );
});

test('hostile text is just text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 2, maxLength: 40 }), (name) => {
      const typed = fold(name);
      fc.pre(typed.length > 1);
      const one = createFinder(
        createInventory([
          { id: 1, class: 'server', name, attributes: { note: name } },
          { id: 2, class: 'rack', name: 'r1' },
        ]),
      );
      expect(idsOf(one, `"${typed.replaceAll(/["\\]/g, String.raw`\$&`)}"`)).toContain(1);
    }),
    { numRuns: 500 },
  );
});

function idsOf(one: Finder, typed: string): readonly number[] {
  return one.find(typed).items.map(({ id }) => id);
}

function allIds(one: Finder, typed: string): readonly number[] {
  return pagesOf(one, typed, 1000).ids;
}

function pagesOf(
  one: Finder,
  typed: string,
  limit: number,
): { readonly ids: readonly number[]; readonly totals: readonly number[] } {
  const [ids, totals]: [number[], number[]] = [[], []];
  for (let cursor: string | undefined, isFirst = true; isFirst || cursor !== undefined; isFirst = false) {
    const page = one.find(typed, { limit, cursor });
    ids.push(...page.items.map(({ id }) => id));
    totals.push(page.total);
    cursor = page.cursor;
  }
  return { ids, totals };
}

/** An inventory that goes on to be another, as the one of the daemon does. */
function changeable(first: Inventory): { readonly inventory: Inventory; readonly becomes: (next: Inventory) => void } {
  let [current, revision] = [first, 1];
  return {
    inventory: new Proxy(first, { get: (_, key) => (key === 'revision' ? revision : Reflect.get(current, key)) }),
    becomes: (next) => {
      current = next;
      revision++;
    },
  };
}
