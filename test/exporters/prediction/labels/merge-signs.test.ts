import fc from 'fast-check';
import { type IncidentSource, incidentSources } from '../../../../exporters/prediction/labels/incident.ts';
import { incidentsOf } from '../../../../exporters/prediction/labels/merge-signs.ts';
import type { FailureSign } from '../../../../exporters/prediction/labels/sign.ts';
import { gpu, hourMs, startMs } from '../fleet.ts';

const entities = [gpu('a'), gpu('b')] as const;

function sign(hours: number, more: Partial<FailureSign> = {}): FailureSign {
  return {
    entity: entities[0],
    startMs: startMs + hours * hourMs,
    endMs: undefined,
    kind: 'xid_79',
    source: 'xid',
    ...more,
  };
}

const starts = (signs: readonly FailureSign[]) => incidentsOf(signs).map((each) => (each.startMs - startMs) / hourMs);

test('signs less than 72 h behind the one before are one incident', () => {
  expect(starts([sign(0), sign(71.9), sign(143.8)])).toEqual([0]);
  expect(starts([sign(0), sign(72)])).toEqual([0, 72]);
  expect(starts([])).toEqual([]);
});

test('and those while it is not back', () => {
  const rma = sign(0, { endMs: startMs + 500 * hourMs, source: 'cmdb', kind: 'state_rma' });
  expect(starts([rma, sign(499), sign(600)])).toEqual([0, 600]);
  expect(starts([{ ...rma, endMs: Number.POSITIVE_INFINITY }, sign(5000)])).toEqual([0]);
});

test('an incident is named by its first sign and knows all its sources, its end and its last sign', () => {
  const signs = [
    sign(2, { source: 'ticket', kind: 'ticket_gpu', endMs: startMs + 30 * hourMs }),
    sign(1, { source: 'gpu_lost', kind: 'vanished', endMs: startMs + 20 * hourMs }),
    sign(1),
  ];
  expect(incidentsOf(signs)).toEqual([
    {
      entity: entities[0],
      startMs: startMs + hourMs,
      endMs: startMs + 30 * hourMs,
      isOpen: false,
      lastSeenMs: startMs + 2 * hourMs,
      kind: 'xid_79',
      sources: ['xid', 'gpu_lost', 'ticket'],
    },
  ]);
});

test('one that is not over is open, one of which nobody knows is not', () => {
  expect(incidentsOf([sign(0, { endMs: Number.POSITIVE_INFINITY })])[0]).toMatchObject({
    isOpen: true,
    endMs: undefined,
  });
  expect(incidentsOf([sign(0)])[0]).toMatchObject({ isOpen: false, endMs: undefined });
});

test('of signs of one moment and source the first by name names it, whichever comes first', () => {
  const [one, other] = [sign(1, { kind: 'xid_119' }), sign(1)];
  expect(incidentsOf([one, other])[0]?.kind).toBe('xid_119');
  expect(incidentsOf([other, one])[0]?.kind).toBe('xid_119');
});

test('a GPU that moves stays the same', () => {
  expect(incidentsOf([sign(0), sign(1, { entity: gpu('a', 'gpu-02') })])).toHaveLength(1);
});

const anySign = fc
  .record({
    hours: fc.integer({ min: 0, max: 600 }),
    lasts: fc.constantFrom(undefined, 0, 5, 100, Number.POSITIVE_INFINITY),
    who: fc.constantFrom(0, 1),
    source: fc.constantFrom<IncidentSource>(...incidentSources),
    kind: fc.constantFrom('one', 'two'),
    node: fc.constantFrom('gpu-01', 'gpu-02'),
  })
  .map(({ hours, lasts, who, source, kind, node }) =>
    sign(hours, {
      endMs: lasts === undefined ? undefined : startMs + (hours + lasts) * hourMs,
      entity: gpu(who === 0 ? 'a' : 'b', node),
      source,
      kind,
    }),
  );

test('the order of signs and doubled signs make no difference', () => {
  const shuffled = fc
    .array(anySign, { maxLength: 12 })
    .chain((signs) =>
      fc.tuple(fc.constant(signs), fc.shuffledSubarray([...signs, ...signs], { minLength: 2 * signs.length })),
    );
  fc.assert(
    fc.property(shuffled, ([signs, others]) => {
      expect(incidentsOf(others)).toEqual(incidentsOf(signs));
    }),
    { numRuns: 400 },
  );
});

test('two signs are of one incident if and only if a chain of signs leads from one to the other', () => {
  fc.assert(
    fc.property(fc.array(anySign, { maxLength: 10 }), (signs) => {
      expect(incidentsOf(signs).map(({ startMs: start }) => start)).toEqual(startsByChains(signs));
    }),
    { numRuns: 400 },
  );
});

/** Joins signs to groups, one after the other; a sign that touches several groups makes them one. */
function startsByChains(signs: readonly FailureSign[]): readonly number[] {
  let groups: (readonly FailureSign[])[] = [];
  for (const sign of signs) {
    const near = groups.filter((group) => group.some((other) => touches(sign, other)));
    groups = [...groups.filter((group) => !near.includes(group)), [sign, ...near.flat()]];
  }
  return groups.map((group) => Math.min(...group.map(({ startMs: start }) => start))).sort((a, b) => a - b);
}

function touches(a: FailureSign, b: FailureSign): boolean {
  if (a.entity.uuid !== b.entity.uuid) return false;
  const [first, second] = a.startMs <= b.startMs ? [a, b] : [b, a];
  return second.startMs < Math.max(first.startMs + 72 * hourMs, first.endMs ?? 0);
}
