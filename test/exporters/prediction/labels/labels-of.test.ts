import fc from 'fast-check';
import { type Horizon, horizonMs, horizons } from '../../../../exporters/prediction/horizon.ts';
import type { Incident } from '../../../../exporters/prediction/labels/incident.ts';
import { labelsOf } from '../../../../exporters/prediction/labels/labels-of.ts';
import type { Moments } from '../../../../exporters/prediction/labels/moments.ts';
import type { OutOfService } from '../../../../exporters/prediction/labels/out-of-service.ts';
import { dayMs, gpu, hourMs, incident, momentsOf, node, startMs } from '../fleet.ts';

const days = Array.from({ length: 20 }, (_, day) => startMs + day * dayMs);
const farMs = startMs + 1000 * dayMs;
const labelsOfGpu = (incidents: readonly Incident[], nowMs = farMs, out: readonly OutOfService[] = []) =>
  [...labelsOf(momentsOf([gpu('a')], days), incidents, '7d', nowMs, out)]
    .map((label) => (label === 255 ? 'x' : label))
    .join('');

test('failed up to a horizon before the start, not at it', () => {
  expect(labelsOfGpu([])).toBe('00000000000000000000');
  expect(labelsOfGpu([incident(gpu('a'), startMs + 10 * dayMs)])).toBe('00011111110000000000');
  expect(labelsOfGpu([incident(gpu('b'), startMs + 10 * dayMs)])).toBe('00000000000000000000');
});

test('a horizon that is not over makes a row unusable, also where a failure came already', () => {
  const nowMs = startMs + 15 * dayMs;
  expect(labelsOfGpu([], nowMs)).toBe('000000000xxxxxxxxxxx');
  expect(labelsOfGpu([incident(gpu('a'), startMs + 14 * dayMs)], nowMs)).toBe('000000011xxxxxxxxxxx');
});

test('during an incident a row is unusable: until its end, for 72 h where nobody knows it, for good while it is open', () => {
  const at = startMs + 10 * dayMs;
  expect(labelsOfGpu([incident(gpu('a'), at, { endMs: at + 2 * dayMs })])).toBe('0001111111xx00000000');
  expect(labelsOfGpu([incident(gpu('a'), at, { endMs: undefined })])).toBe('0001111111xxx0000000');
  expect(labelsOfGpu([incident(gpu('a'), at, { endMs: undefined, isOpen: true })])).toBe('0001111111xxxxxxxxxx');
  const chain = { endMs: undefined, lastSeenMs: at + 2 * dayMs };
  expect(labelsOfGpu([incident(gpu('a'), at, chain)])).toBe('0001111111xxxxx00000');
});

test('between the return and a repeat that counts as the same incident, a row is unusable', () => {
  const at = startMs + 10 * dayMs;
  expect(labelsOfGpu([incident(gpu('a'), at, { endMs: at + hourMs, lastSeenMs: at + 2 * dayMs })])).toBe(
    '0001111111xx00000000',
  );
});

test('out of service, itself or its node, a row is unusable', () => {
  const out = { fromMs: startMs + 2 * dayMs, untilMs: startMs + 4 * dayMs };
  expect(labelsOfGpu([], farMs, [{ entity: gpu('a'), ...out }])).toBe('00xx0000000000000000');
  expect(labelsOfGpu([], farMs, [{ entity: node('gpu-01'), ...out }])).toBe('00xx0000000000000000');
  expect(labelsOfGpu([], farMs, [{ entity: node('gpu-02'), ...out }])).toBe('00000000000000000000');
  expect(labelsOfGpu([], farMs, [{ entity: gpu('a'), fromMs: out.fromMs, untilMs: undefined }])).toBe(
    '00xxxxxxxxxxxxxxxxxx',
  );
  const hostFailed = incident(node('gpu-01'), startMs + 5 * dayMs, { endMs: startMs + 7 * dayMs });
  expect(labelsOfGpu([hostFailed])).toBe('00000xx0000000000000');
});

const fleet = [gpu('a'), gpu('b', 'gpu-02'), node('gpu-01')] as const;
const anyIncident = fc
  .record({
    who: fc.constantFrom(...fleet),
    hours: fc.integer({ min: 0, max: 480 }),
    lasts: fc.constantFrom(undefined, 0, 30, 'open' as const),
    seenAfter: fc.constantFrom(0, 40),
  })
  .map(({ who, hours, lasts, seenAfter }) => {
    const at = startMs + hours * hourMs;
    const endMs = typeof lasts === 'number' ? at + lasts * hourMs : undefined;
    return incident(who, at, { endMs, isOpen: lasts === 'open', lastSeenMs: at + seenAfter * hourMs });
  });
const anyOut = fc
  .record({
    entity: fc.constantFrom(...fleet),
    from: fc.integer({ min: 0, max: 480 }),
    lasts: fc.constantFrom(undefined, 24, 100),
  })
  .map(({ entity, from, lasts }) => ({
    entity,
    fromMs: startMs + from * hourMs,
    untilMs: lasts === undefined ? undefined : startMs + (from + lasts) * hourMs,
  }));

test('labels are what the definition says, row by row', () => {
  const moments = momentsOf(fleet, days);
  fc.assert(
    fc.property(
      fc.array(anyIncident, { maxLength: 6 }),
      fc.array(anyOut, { maxLength: 3 }),
      fc.constantFrom(...horizons),
      fc.integer({ min: 0, max: 60 }),
      (incidents, out, horizon, nowDay) => {
        const nowMs = startMs + nowDay * dayMs;
        expect([...labelsOf(moments, incidents, horizon, nowMs, out)]).toEqual(
          byDefinition(moments, incidents, horizon, nowMs, out),
        );
      },
    ),
    { numRuns: 300 },
  );
});

function byDefinition(
  { entities, entity, atMs }: Moments,
  incidents: readonly Incident[],
  horizon: Horizon,
  nowMs: number,
  out: readonly OutOfService[],
): readonly number[] {
  return [...atMs].map((t, row) => {
    const own = entities[entity[row] ?? 0];
    if (own === undefined || t + horizonMs[horizon] > nowMs) return 255;
    const isHere = (who: { kind: string; uuid: string; node: string }) =>
      who.kind === 'gpu' ? who.uuid === own.uuid : who.node === own.node;
    const isDown =
      incidents.some((each) => isHere(each.entity) && each.startMs <= t && t < until(each)) ||
      out.some((each) => isHere(each.entity) && each.fromMs <= t && t < (each.untilMs ?? Number.POSITIVE_INFINITY));
    if (isDown) return 255;
    return incidents.some(
      (each) =>
        each.entity.kind === own.kind &&
        isHere(each.entity) &&
        each.startMs > t &&
        each.startMs <= t + horizonMs[horizon],
    )
      ? 1
      : 0;
  });
}

function until({ startMs: start, endMs, isOpen, lastSeenMs = start }: Incident): number {
  if (isOpen === true) return Number.POSITIVE_INFINITY;
  return Math.max(lastSeenMs, endMs === undefined ? lastSeenMs + 72 * hourMs : endMs);
}
