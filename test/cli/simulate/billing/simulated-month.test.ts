import fc from 'fast-check';
import type { Month, MonthKey } from '../../../../cli/simulate/billing/month.ts';
import { type TrueHold, trueHolds, trueStates } from '../../../../cli/simulate/billing/month-truth.ts';
import { simulatedMonth } from '../../../../cli/simulate/billing/simulated-month.ts';
import { intersect, lengthMs, subtract, union } from '../../../../cli/simulate/billing/spans.ts';
import { simulatedPods } from '../../../../exporters/gpu/sources/simulated/simulated-pods.ts';

const startMs = Date.UTC(2026, 9, 1);
const hour = 3_600_000;

const monthOf = (key: Partial<MonthKey>, hours: number): Month =>
  simulatedMonth({ seed: 1, nodes: 2, gpus: 8, ...key, span: { startMs, endMs: startMs + hours * hour } });

const keys = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  nodes: fc.integer({ min: 1, max: 5 }),
  gpus: fc.integer({ min: 1, max: 9 }),
});

test('the same key gives the same month, another seed another one', () => {
  expect(monthOf({}, 24)).toEqual(monthOf({}, 24));
  expect(monthOf({ seed: 2 }, 24).pods).not.toEqual(monthOf({}, 24).pods);
});

test('nobody has what somebody else has, what is not there, or a GPU as a whole that is cut or shared', () => {
  fc.assert(
    fc.property(keys, fc.constantFrom(6, 48, 720), (key, hours) => {
      const month = monthOf(key, hours);
      const holds = trueHolds(month, month.key.span);
      for (const { slot, span } of holds) expect(lengthMs(subtract([span], slot.spans))).toBe(0);
      for (const slot of new Set(holds.map((hold) => hold.slot)))
        expect(overlapMs(holds.filter((hold) => hold.slot === slot))).toBe(0);
      for (const gpu of month.gpus) {
        const whole = holds.filter(({ slot }) => slot.uuid === gpu.uuid && slot.profile === '');
        expect(whole.some(({ slot }) => (slot.replica === undefined) !== (gpu.replicas === undefined))).toBe(false);
        const instances = gpu.instances.map(({ span }) => span);
        expect(whole.flatMap(({ span }) => intersect([span], instances))).toEqual([]);
      }
    }),
    { numRuns: 10 },
  );
});

function overlapMs(holds: readonly TrueHold[]): number {
  const spans = holds.map(({ span }) => span);
  return spans.reduce((sum, span) => sum + lengthMs([span]), 0) - lengthMs(union(spans));
}

test('each GPU is used, idle or unavailable at any time', () => {
  fc.assert(
    fc.property(keys, fc.constantFrom(6, 48), (key, hours) => {
      const month = monthOf(key, hours);
      for (const gpu of month.gpus) {
        const { installedMs, usedMs, idleMs, unavailableMs } = trueStates(month, gpu, month.key.span);
        const { not_ready: notReady, cordoned, lost } = unavailableMs;
        expect(installedMs).toBe(hours * hour);
        expect(usedMs + idleMs + notReady + cordoned + lost).toBe(installedMs);
      }
    }),
    { numRuns: 8 },
  );
});

test('ends as the simulated fleet is', () => {
  fc.assert(
    fc.property(keys, (key) => {
      const month = monthOf(key, 30 * 24);
      for (const [number, node] of month.nodes.entries()) {
        const running = month.pods.filter((pod) => pod.node === node.name && pod.span.endMs === month.key.span.endMs);
        const fleet = simulatedPods({ ...key, node: number });
        expect(running.map(({ name, uid }) => ({ name, uid }))).toEqual(fleet.map(({ name, uid }) => ({ name, uid })));
        expect(running.map(({ slots }) => slots.map(({ index }) => index))).toEqual(fleet.map(({ gpus }) => gpus));
        expect(running.every(({ ended }) => ended === undefined)).toBe(true);
      }
    }),
    { numRuns: 10 },
  );
});

test.each([6, 24, 720])('what is hard to bill happens within %i hours', (hours) => {
  const month = monthOf({}, hours);
  const { pods, nodes, gpus } = month;
  const short = pods.filter(({ span }) => span.endMs - span.startMs < 15_000);
  expect(short.length).toBeGreaterThan(0);
  expect(pods.some(({ span, listedUntilMs }) => listedUntilMs > span.endMs)).toBe(true);
  expect(pods.some(({ slots }) => slots.length > 1)).toBe(true);
  expect(pods.some(({ ended }) => ended === 'Failed')).toBe(true);
  const uidsByName = new Map<string, Set<string>>();
  for (const { name, uid } of pods) uidsByName.set(name, (uidsByName.get(name) ?? new Set()).add(uid));
  expect([...uidsByName.values()].some((uids) => uids.size > 1)).toBe(true);
  for (const profile of ['1g.10gb', '4g.40gb', '3g.40gb'])
    expect(pods.some(({ slots }) => slots[0]?.profile === profile)).toBe(true);
  expect(pods.some(({ slots }) => slots[0]?.replica !== undefined)).toBe(true);
  expect(gpus.some(({ installed }) => new Set(installed.map(({ node }) => node)).size > 1)).toBe(true);
  expect(gpus.some(({ lost }) => lost.length > 0)).toBe(true);
  expect(nodes.every(({ notReady }) => notReady.length > 0)).toBe(true);
  expect(nodes.some(({ cordoned }) => cordoned.length > 0)).toBe(true);
  const lives = nodes.flatMap(({ exporters }) => exporters.slice(1));
  expect(lives.some(({ isRestored }) => isRestored)).toBe(true);
  expect(lives.some(({ isRestored }) => !isRestored)).toBe(true);
});
