import * as fc from 'fast-check';
import {
  type CounterPart,
  type CounterRow,
  type CounterState,
  createCounterBook,
} from '../../../../exporters/billing/counters/counter-book.ts';

const nowMs = Date.UTC(2026, 10, 16);
const dayMs = 86_400_000;
const nothing: CounterState = { totals: [], parts: [] };

function labels(tenant: string) {
  return { cluster: 'c1', tenant, resource: 'gpu_time', currency: 'EUR' };
}

function part(name: string, values: Readonly<Record<string, string>>, endMs = nowMs + dayMs): CounterPart {
  const listed = Object.entries(values).map(([tenant, value]) => ({ labels: labels(tenant), value }));
  return { counter: 'cost', part: name, endMs, values: listed };
}

function createBook(maxSeries = 100, state = nothing) {
  const book = createCounterBook(state, { maxSeries });
  return {
    tell: (...parts: readonly CounterPart[]) => {
      const reckoned = book.reckon(parts, nowMs);
      book.enter(reckoned.changes, nowMs);
      return reckoned;
    },
    rows: book.rows,
    of: (tenant: string) => ofTenant(book.rows(), tenant),
  };
}

function ofTenant(rows: readonly CounterRow[], tenant: string): readonly [string, string] | undefined {
  const row = rows.find((each) => each.labels['tenant'] === tenant);
  return row === undefined ? undefined : [row.up, row.down];
}

test('what rises is added, what falls is told apart, and what stays changes nothing', () => {
  const book = createBook();
  book.tell(part('november', { search: '100.10' }));
  book.tell(part('november', { search: '90.05' }));
  expect(book.tell(part('november', { search: '90.05' })).changes).toEqual(nothing);
  book.tell(part('november', { search: '91' }));
  expect(book.of('search')).toEqual(['101.05', '10.05']);
});

test('parts add up, and a line that is gone counts as nothing', () => {
  const book = createBook();
  book.tell(part('november', { search: '100', chat: '5' }), part('correction 7', { search: '-3' }));
  book.tell(part('november', { search: '100' }));
  expect(book.of('search')).toEqual(['100', '3']);
  expect(book.of('chat')).toEqual(['5', '5']);
});

test('a part that is not told stays as it is', () => {
  const book = createBook();
  book.tell(part('october', { search: '100' }), part('november', { search: '1' }));
  book.tell(part('november', { search: '2' }));
  expect(book.of('search')).toEqual(['102', '0']);
});

test('a series begins at 0 where nothing was charged yet', () => {
  const book = createBook();
  book.tell(part('november', { search: '0' }));
  expect(book.of('search')).toEqual(['0', '0']);
});

test('what ended long before the books is history, unless it was told before', () => {
  const book = createBook();
  book.tell(part('last year', { search: '1000000' }, nowMs - 41 * dayMs));
  expect(book.rows()).toEqual([]);
  const known = createBook(100, {
    totals: [{ counter: 'cost', labels: labels('search'), up: '5', down: '0' }],
    parts: [{ counter: 'cost', labels: labels('search'), part: 'summer', endMs: nowMs - 41 * dayMs, value: '5' }],
  });
  known.tell(part('summer', { search: '7' }, nowMs - 41 * dayMs));
  expect(known.of('search')).toEqual(['7', '0']);
});

test('beyond the bound tenants are one, and those that were there first keep their series', () => {
  const book = createBook(2);
  book.tell(part('november', { search: '1', chat: '2' }));
  const { folded } = book.tell(part('november', { search: '1', chat: '3', new1: '10', new2: '20' }));
  expect(folded.get('cost')).toBe(2);
  expect(book.of('other')).toEqual(['30', '0']);
  expect(book.of('chat')).toEqual(['3', '0']);
  book.tell(part('november', { search: '1', chat: '3', new1: '12', new2: '19' }));
  expect(book.of('other')).toEqual(['32', '1']);
});

test('a tenant that was folded stays folded in the same breath in which others come', () => {
  const book = createBook(1);
  const { changes, folded } = book.tell(part('november', { a: '1', b: '2', c: '3' }));
  expect(folded.get('cost')).toBe(2);
  expect(changes.totals.map((row) => [row.labels['tenant'], row.up])).toEqual([
    ['a', '1'],
    ['other', '5'],
  ]);
});

test('reckoning alone changes nothing', () => {
  const book = createCounterBook(nothing, { maxSeries: 10 });
  book.reckon([part('november', { search: '5' })], nowMs);
  expect(book.rows()).toEqual([]);
});

const values = fc.array(
  fc.dictionary(
    fc.constantFrom('a', 'b', 'c', 'd'),
    fc.integer({ min: -1000, max: 100_000 }).map((cents) => (cents / 100).toFixed(2)),
  ),
  { maxLength: 20 },
);

test('whatever is told, in whatever order and with restarts: neither counter falls, and their difference is what is told last', () => {
  void fc.assert(
    fc.property(values, values, fc.integer({ min: 1, max: 5 }), (first, second, maxSeries) => {
      let state = nothing;
      let before = new Map<string, readonly [number, number]>();
      const steps = Math.max(first.length, second.length);
      for (let step = 0; step < steps; step++) {
        // A new book from what was stored, as after a restart.
        const book = createCounterBook(state, { maxSeries });
        const told = [first[step], second[step]].flatMap((each, index) =>
          each === undefined ? [] : [part(`p${index}`, each)],
        );
        const { changes } = book.reckon(told, nowMs);
        book.enter(changes, nowMs);
        state = stored(state, changes);
        const now = new Map(
          book.rows().map((row) => [JSON.stringify(row.labels), [Number(row.up), Number(row.down)] as const]),
        );
        for (const [key, [up, down]] of before) {
          expect(now.get(key)?.[0]).toBeGreaterThanOrEqual(up);
          expect(now.get(key)?.[1]).toBeGreaterThanOrEqual(down);
        }
        before = now;
      }
      const net = [...before.values()].reduce((sum, [up, down]) => sum + up - down, 0);
      const last = [first.at(-1), second.at(-1)].flatMap((each) => Object.values(each ?? {})).map(Number);
      expect(net).toBeCloseTo(
        last.reduce((sum, value) => sum + value, 0),
        4,
      );
    }),
  );
});

function stored(state: CounterState, changes: CounterState): CounterState {
  const key = (row: { readonly labels: object; readonly part?: string }) => JSON.stringify([row.labels, row.part]);
  const totals = new Map([...state.totals, ...changes.totals].map((row) => [key(row), row]));
  const parts = new Map([...state.parts, ...changes.parts].map((row) => [key(row), row]));
  return { totals: [...totals.values()], parts: [...parts.values()] };
}
