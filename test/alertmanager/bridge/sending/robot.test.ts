import type { Notification } from '../../../../alertmanager/bridge/notification.ts';
import type { Outcome } from '../../../../alertmanager/bridge/sending/outcome.ts';
import { createRobot, type RobotTiming, type Told } from '../../../../alertmanager/bridge/sending/robot.ts';
import { sampleNotification } from '../../../../cli/bridge/sample-notification.ts';
import { windowOf } from '../../../support/robots/robot-server.ts';

const timing: RobotTiming = {
  limit: { messages: 20, seconds: 60 },
  deliverWithinSeconds: 300,
  deduplicateForSeconds: 3_600,
  maxWaiting: 5_000,
  maxWaitingBytes: 1e9,
};
const alertsOfGroup = 8;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const nowSeconds = (): number => Date.now() / 1000;

function group(index: number, severity = 'warning'): Notification {
  const { alerts, ...sample } = sampleNotification(severity, 0);
  const [alert] = alerts;
  if (alert === undefined) throw new Error('the sample has no alert');
  return {
    ...sample,
    groupKey: `g${index}`,
    alerts: Array.from({ length: alertsOfGroup }, (_, at) => ({ ...alert, fingerprint: `${index}-${at}` })),
  };
}

/** A robot that refuses what `refuse` says, and the messages it had: the groups of each. */
function scene(refuse: (groups: readonly string[]) => Told | undefined = () => undefined) {
  const taken: (readonly string[])[] = [];
  const seen: { readonly groups: readonly string[]; readonly at: number }[] = [];
  const buried: (readonly string[])[] = [];
  const keysOf = (notifications: readonly Notification[]): readonly string[] =>
    notifications.map(({ groupKey }) => groupKey);
  const robot = createRobot(timing, {
    clock: { now: nowSeconds, monotonic: nowSeconds },
    tell: async (notifications, turn) => {
      await turn();
      const groups = keysOf(notifications);
      seen.push({ groups, at: nowSeconds() });
      const no = refuse(groups);
      if (no === undefined) taken.push(groups);
      return no ?? { outcome: 'delivered' };
    },
    bury: async (notifications) => void buried.push(keysOf(notifications)),
    onTold: () => undefined,
  });
  const deliver = (notification: Notification): Promise<Outcome> =>
    robot.deliver(notification, new AbortController().signal);
  return { robot, deliver, taken, seen, buried };
}

const bad = (guilty: readonly string[]) => (groups: readonly string[]) =>
  groups.some((group) => guilty.includes(group))
    ? ({ outcome: 'refused', reason: 'a word in it', forContent: true } as const)
    : undefined;

async function minutes(count: number): Promise<void> {
  await jest.advanceTimersByTimeAsync(count * 60_000);
}

test('10,000 alerts at once arrive as digests, none lost and none twice', async () => {
  const { deliver, taken } = scene();
  const outcomes = Array.from({ length: 1_250 }, (_, index) => deliver(group(index)));
  await minutes(1);
  expect(new Set((await Promise.all(outcomes)).map(({ kind }) => kind))).toEqual(new Set(['told']));
  expect(taken.length).toBeLessThanOrEqual(3);
  expect(taken.flat().length * alertsOfGroup).toBe(10_000);
  expect(new Set(taken.flat()).size).toBe(1_250);
});

test('10,000 alerts over ten minutes never come closer together than the robot takes them', async () => {
  const within = windowOf(20, 60, Date.now);
  const { deliver, taken, seen } = scene(() =>
    within() ? undefined : { outcome: 'limited', retryAfterSeconds: 600, reason: 'too many' },
  );
  const outcomes: Promise<Outcome>[] = [];
  // Bursts and silences, without chance in them.
  for (let index = 0; index < 1_250; index++) {
    outcomes.push(deliver(group(index, index % 97 === 0 ? 'critical' : 'warning')));
    if (index % 25 === 0) await jest.advanceTimersByTimeAsync(((index * 7919) % 24) * 1000);
  }
  await minutes(5);
  expect((await Promise.all(outcomes)).filter(({ kind }) => kind !== 'told')).toEqual([]);
  expect(taken).toHaveLength(seen.length);
  expect(taken.flat().length).toBe(1_250);
  expect(new Set(taken.flat()).size).toBe(1_250);
  expect(taken.length).toBeGreaterThan(20);
});

test('of a digest that is refused for its content only the guilty group is dead', async () => {
  const { deliver, taken, seen, buried } = scene(bad(['g777']));
  const outcomes = Array.from({ length: 1_250 }, (_, index) => deliver(group(index)));
  await minutes(5);
  const kinds = (await Promise.all(outcomes)).map(({ kind }) => kind);
  expect(kinds.flatMap((kind, index) => (kind === 'told' ? [] : [index]))).toEqual([777]);
  expect(kinds[777]).toBe('refused');
  expect(buried).toEqual([['g777']]);
  expect(taken.flat()).toHaveLength(1_249);
  expect(seen.length).toBeLessThan(30);
  // Alertmanager sends it again, which costs no message.
  expect(await deliver(group(777))).toMatchObject({ kind: 'refused' });
  expect(seen.length).toBe(taken.length + seen.filter(({ groups }) => groups.includes('g777')).length);
  await minutes(61);
  await deliver(group(777));
  expect(buried).toHaveLength(2);
});

test('where each group is refused, the robot is not asked for each of thousands', async () => {
  const { deliver, seen, buried } = scene(() => ({ outcome: 'refused', reason: 'no', forContent: true }));
  const outcomes = Array.from({ length: 1_250 }, (_, index) => deliver(group(index)));
  await minutes(10);
  expect((await Promise.all(outcomes)).filter(({ kind }) => kind !== 'refused')).toEqual([]);
  expect(buried.flat()).toHaveLength(1_250);
  expect(seen.length).toBeLessThan(80);
});

test('a digest that is refused for the key or the address is not taken apart', async () => {
  const { deliver, seen, buried } = scene(() => ({ outcome: 'refused', reason: 'token is not exist' }));
  await deliver(group(0));
  for (let index = 1; index <= 100; index++) void deliver(group(index));
  await minutes(5);
  expect(seen.map(({ groups }) => groups.length)).toEqual([1, 1, 99]);
  expect(buried.flat()).toHaveLength(101);
});

test('a critical group goes before the parts of a digest that was refused', async () => {
  const { deliver, seen } = scene(bad(['g3']));
  for (let index = 0; index < 1_000; index++) void deliver(group(index));
  await jest.advanceTimersByTimeAsync(1);
  const sofar = seen.length;
  void deliver(group(1_000, 'critical'));
  await minutes(5);
  expect(seen[sofar]?.groups).toContain('g1000');
});

test('what is left of a refused digest is answered when the bridge stops', async () => {
  const { robot, deliver } = scene(bad(['g3']));
  const outcomes = Array.from({ length: 1_000 }, (_, index) => deliver(group(index)));
  await jest.advanceTimersByTimeAsync(1);
  await robot.stop();
  const kinds = new Set((await Promise.all(outcomes)).map(({ kind }) => kind));
  expect(kinds).toEqual(new Set(['told', 'unavailable']));
});
