import { createAnomalyEngine } from '../../../../../exporters/prediction/anomaly/engine/engine.ts';
import type { Readings } from '../../../../../exporters/prediction/anomaly/engine/kind-engine.ts';
import type { Member } from '../../../../../exporters/prediction/anomaly/engine/roster.ts';
import { defaultAnomaly } from '../../../../../exporters/prediction/anomaly/settings.ts';
import type { Signal } from '../../../../../exporters/prediction/anomaly/signals.ts';
import { noiseOf } from '../generated.ts';

/** Quarter hours keep the windows short: three days are 288 slots. */
const settings = { ...defaultAnomaly, stepMs: 900_000, budgetPerEntityDay: 100 };
const floor = { absolute: 0.1, relative: 0 };
const signals: readonly Signal[] = [
  { name: 'heat', kind: 'gpu', floor },
  { name: 'power', kind: 'gpu', floor },
  { name: 'latency', kind: 'node', floor },
];
const start = 1_700_000_100_000 - (1_700_000_100_000 % 900_000);

function gpu(name: string, group = 'c1/H100'): Member {
  return { entity: { kind: 'gpu', cluster: 'c1', node: `n-${name}`, uuid: name }, group };
}

function node(name: string): Member {
  return { entity: { kind: 'node', cluster: 'c1', node: name, uuid: '' }, group: 'c1' };
}

const gpus = Array.from({ length: 10 }, (_, at) => gpu(`g${at}`));
const nodes = [node('a'), node('b')];

/** Adds to the value of a signal of a GPU or node in a step. */
type Fault = (step: number, signal: string, at: number) => number;

function readingsOf(steps: number, fault: Fault = () => 0, seed = 1): readonly (readonly Readings[])[] {
  const noise = noiseOf(seed);
  return Array.from({ length: steps }, (_, step) =>
    signals.map(({ name, kind }) => {
      const members = kind === 'gpu' ? gpus : nodes;
      return { signal: name, members, values: members.map((_member, at) => 60 + noise() + fault(step, name, at)) };
    }),
  );
}

function run(readings: readonly (readonly Readings[])[], engine = createAnomalyEngine(settings, signals), from = 0) {
  const steps = readings.map((each, at) => engine.step(start + (from + at) * 900_000, each));
  return { engine, steps, events: steps.flatMap((step) => step?.events ?? []) };
}

function readerOf(bytes: Buffer): (count: number) => Uint8Array {
  let at = 0;
  return (count) => {
    at += count;
    return bytes.subarray(at - count, at);
  };
}

test('a GPU that runs away from its peers is one report for each detector that sees it, with its signals', () => {
  const { steps, events } = run(readingsOf(260, (step, _, at) => (step >= 250 && at === 3 ? 40 : 0)));
  const found = events.filter(({ atMs }) => atMs >= start + 250 * 900_000);
  // A later report is of a higher score.
  expect(found.map(({ entity }) => entity.uuid)).toEqual(found.map(() => 'g3'));
  expect(found.map(({ detector }) => detector).slice(0, 2)).toEqual(['tail', 'peers']);
  const scores = found.filter(({ detector }) => detector === 'peers').map(({ score }) => score);
  expect(scores).toEqual(scores.toSorted((a, b) => a - b));
  const [tail, peers] = found;
  expect(tail).toMatchObject({ isConfirmed: true, isStrong: true, threshold: 1.5, atMs: start + 250 * 900_000 });
  expect(tail?.signals.toSorted()).toEqual(['heat', 'power']);
  // It must be there in two steps.
  expect(peers).toMatchObject({ isConfirmed: true, threshold: 1, atMs: start + 251 * 900_000 });
  expect(steps.flatMap((step) => step?.fleetEvents ?? [])).toEqual([]);
});

test('one wild reading of one signal is no deviation from the peers, and a single signal is not confirmed', () => {
  const fault: Fault = (step, name, at) => (step === 250 && at === 0 && name === 'latency' ? 40 : 0);
  const { events } = run(readingsOf(256, fault));
  const found = events.filter(({ atMs }) => atMs >= start + 250 * 900_000);
  expect(found.map(({ entity, detector, isConfirmed }) => [entity.node, detector, isConfirmed])).toEqual([
    ['a', 'tail', false],
  ]);
});

test('when a third of the group moves at once it is one event of the fleet, and the entities are held back', () => {
  const { steps, events, engine } = run(
    readingsOf(256, (step, name, at) => (step >= 250 && at < 3 && name === 'heat' ? 40 : 0)),
  );
  const late = events.filter(({ atMs, detector }) => atMs >= start + 250 * 900_000 && detector === 'tail');
  expect(late).toEqual([]);
  const fleet = steps.flatMap((step) => step?.fleetEvents ?? []).filter(({ detector }) => detector === 'tail');
  expect(fleet).toEqual([
    {
      atMs: start + 250 * 900_000,
      kind: 'gpu',
      group: 'c1/H100',
      peers: undefined,
      detector: 'tail',
      deviating: 3,
      members: 10,
      signal: 'heat',
    },
  ]);
  expect(engine.view().held).toBeGreaterThanOrEqual(3);
  expect(engine.view().fleetEvents).toContainEqual({
    kind: 'gpu',
    group: 'c1/H100',
    detector: 'tail',
    scope: 'group',
    count: 1,
  });
});

test('members that move one step after the others count as at once; fewer than a share do not', () => {
  const late: Fault = (step, name, at) =>
    name === 'heat' && ((step >= 250 && at < 2) || (step >= 251 && at === 2)) ? 40 : 0;
  const { steps, events } = run(readingsOf(252, late));
  expect(steps.at(-2)?.events.filter(({ detector }) => detector === 'tail')).toHaveLength(2);
  expect(steps.at(-1)?.fleetEvents).toContainEqual(expect.objectContaining({ detector: 'tail', deviating: 3 }));
  expect(events.filter(({ entity, detector }) => entity.uuid === 'g2' && detector === 'tail')).toEqual([]);
});

test('one that is back to usual in this step still counts with those of the step before', () => {
  // The jump and the way back are two steps that deviate.
  const apart: Fault = (step, name, at) =>
    name === 'heat' && ((step === 250 && at < 2) || (step === 252 && at === 2)) ? 40 : 0;
  const { steps } = run(readingsOf(253, apart));
  expect(
    steps
      .map((step) => step?.fleetEvents ?? [])
      .findIndex((found) => found.some(({ detector }) => detector === 'tail')),
  ).toBe(252);
});

test('a fleet event that goes on when the state is saved is no second one after it is loaded', () => {
  const readings = readingsOf(253, (step, _, at) => (step >= 250 && at < 5 ? 40 * (step - 249) : 0));
  const first = run(readings.slice(0, 251));
  expect(first.steps.at(-1)?.fleetEvents).toHaveLength(1);
  const second = createAnomalyEngine(settings, signals);
  second.load(readerOf(Buffer.concat([...first.engine.save()])));
  expect(
    second.step(start + 251 * 900_000, readings[251] ?? [])?.fleetEvents.filter(({ detector }) => detector === 'tail'),
  ).toEqual([]);
});

test('a GPU that is always hotter than its peers is unusual at first, and after two weeks no longer', () => {
  const readings = readingsOf(15 * 96 + 4, (_, name, at) => (name === 'heat' && at === 4 ? 30 : 0));
  const engine = createAnomalyEngine(settings, signals);
  const scoreOf = (): number => engine.view().kinds[0]?.entities[4]?.score('peers', 0) ?? Number.NaN;
  run(readings.slice(0, 3), engine);
  expect(scoreOf()).toBeGreaterThan(2);
  run(readings.slice(3), engine, 3);
  expect(scoreOf()).toBeLessThan(1);
});

test('peers that move together are one event of theirs, and their members are held back while others are reported', () => {
  const inNodes = (fault: Fault) =>
    readingsOf(252, fault).map((step) =>
      step.map((each) => ({
        ...each,
        members: each.members.map((member, at) => (each.signal === 'latency' ? member : (placed[at] as Member))),
      })),
    );
  const placed = gpus.map((member, at) => ({ ...member, peers: at < 5 ? 'left' : 'right' }));
  const moved: Fault = (step, name, at) => (step >= 250 && name === 'heat' && (at < 2 || at === 9) ? 40 : 0);
  // Three of ten are the whole group.
  const whole = run(inNodes(moved)).steps.flatMap((step) => step?.fleetEvents ?? []);
  expect(whole.filter(({ detector }) => detector === 'tail').map(({ peers }) => peers)).toEqual([undefined]);
  const engine = createAnomalyEngine({ ...settings, fleetShare: 0.4 }, signals);
  const { events, steps } = run(inNodes(moved), engine);
  const fleet = steps.flatMap((step) => step?.fleetEvents ?? []).filter(({ detector }) => detector === 'tail');
  expect(fleet).toEqual([expect.objectContaining({ group: 'c1/H100', peers: 'left', deviating: 2, members: 5 })]);
  const late = events.filter(({ atMs, detector }) => atMs >= start + 250 * 900_000 && detector === 'tail');
  expect(late.map(({ entity }) => entity.uuid)).toEqual(['g9']);
});

test('a fleet event ends and may come again', () => {
  const twice: Fault = (step, name) =>
    name === 'heat' && step === 250 ? 60 : name === 'heat' && step === 300 ? 6000 : 0;
  const { steps, engine } = run(readingsOf(303, twice));
  const tail = steps.flatMap((step) => step?.fleetEvents ?? []).filter(({ detector }) => detector === 'tail');
  expect(tail.map(({ atMs }) => (atMs - start) / 900_000)).toEqual([250, 300]);
  expect(engine.view().kinds[0]?.active).toEqual([]);
});

test('saving and loading in the middle changes nothing of what comes after', () => {
  const readings = readingsOf(300, (step, _, at) => (step % 37 === 0 && at === step % 10 ? 30 : 0));
  const whole = run(readings);
  const first = run(readings.slice(0, 251));
  const bytes = Buffer.concat([...first.engine.save()]);
  const second = createAnomalyEngine(settings, signals);
  second.load(readerOf(bytes));
  const rest = run(readings.slice(251), second, 251);
  expect(rest.events.length).toBeGreaterThan(2);
  expect(rest.steps).toEqual(whole.steps.slice(251));
  expect(Buffer.concat([...second.save()]).equals(Buffer.concat([...whole.engine.save()]))).toBe(true);
  expect(second.view().events).toEqual(whole.engine.view().events);
});

test('a state of other settings, of another format or of nothing is refused with what to do', () => {
  const bytes = Buffer.concat([...run(readingsOf(3)).engine.save()]);
  const loadInto = (engine: ReturnType<typeof createAnomalyEngine>, from: Buffer) => () => engine.load(readerOf(from));
  expect(loadInto(createAnomalyEngine({ ...settings, refractoryMs: 3_600_000 }, signals), bytes)).toThrow('delete it');
  expect(loadInto(createAnomalyEngine(settings, signals.slice(1)), bytes)).toThrow('other signals or settings');
  expect(loadInto(createAnomalyEngine(settings, signals), Buffer.from('x'.repeat(100)))).toThrow('no saved state');
  expect(loadInto(createAnomalyEngine(settings, signals), bytes)).not.toThrow();
});

test('a later step changes no earlier one, and the order of members changes nothing', () => {
  const readings = readingsOf(270, (step, _, at) => (step > 240 && at === step % 7 ? 15 : 0));
  const whole = run(readings);
  expect(run(readings.slice(0, 255)).steps).toEqual(whole.steps.slice(0, 255));
  const turned = readings.map((step) =>
    step.map(({ signal, members, values }) => ({
      signal,
      members: members.toReversed(),
      values: [...(values as readonly number[])].reverse(),
    })),
  );
  expect(run(turned).steps).toEqual(whole.steps);
});

test('times that do not go on change nothing, and times are laid on the grid', () => {
  const readings = readingsOf(4);
  const { engine } = run(readings.slice(0, 3));
  const before = Buffer.concat([...engine.save()]);
  for (const atMs of [start + 1_800_000, start + 1_800_000 + 400_000, start, Number.NaN])
    expect(engine.step(atMs, readings[3] ?? [])).toBeUndefined();
  expect(Buffer.concat([...engine.save()]).equals(before)).toBe(true);
  expect(engine.step(start + 2_700_000 - 90_000, readings[3] ?? [])?.atMs).toBe(start + 2_700_000);
});

test('steps that are missed are slots without a reading', () => {
  const readings = readingsOf(260, (step, _, at) => (step >= 255 && at === 1 ? 30 : 0));
  const empty = readings.map((step, at) =>
    at >= 230 && at < 250 ? step.map((each) => ({ ...each, members: [], values: [] })) : step,
  );
  const told = run(empty);
  const engine = createAnomalyEngine(settings, signals);
  const missed = readings.flatMap((step, at) =>
    at >= 230 && at < 250 ? [] : [engine.step(start + at * 900_000, step)],
  );
  expect(missed.slice(230)).toEqual(told.steps.slice(250));
});

test('after more than three days without a step it begins anew', () => {
  const readings = readingsOf(260);
  const { engine } = run(readings);
  expect(engine.view().kinds[0]?.entities[0]?.joint()).toBeDefined();
  engine.step(start + 900_000 * 260 + 4 * 86_400_000, readings[0] ?? []);
  expect(engine.view().kinds[0]?.entities[0]?.joint()).toBeUndefined();
});

test('who is not seen for three days is forgotten, and the place is given anew without what was there', () => {
  const readings = readingsOf(600);
  const without = readings.map((step, at) =>
    step.map((each) =>
      at < 250 || each.signal === 'latency'
        ? each
        : { ...each, members: each.members.slice(1), values: (each.values as readonly number[]).slice(1) },
    ),
  );
  const { engine } = run(without.slice(0, 540));
  const names = () => engine.view().kinds[0]?.entities.map(({ entity }) => entity.uuid);
  expect(names()).toEqual(gpus.slice(1).map(({ entity }) => entity.uuid));
  const fresh = [{ signal: 'heat', members: [gpu('new')], values: [60] }];
  engine.step(start + 541 * 900_000, fresh);
  const view = engine.view().kinds[0]?.entities.find(({ entity }) => entity.uuid === 'new');
  expect([view?.value(0), view?.score('tail', 0), view?.joint()]).toEqual([60, undefined, undefined]);
  for (let step = 542; step < 730; step++)
    engine.step(start + step * 900_000, [{ signal: 'heat', members: [gpu('new')], values: [60 + (step % 3)] }]);
  expect(
    engine
      .view()
      .kinds[0]?.entities.find(({ entity }) => entity.uuid === 'new')
      ?.joint(),
  ).toBeDefined();
});

test('more entities than allowed are left out and counted', () => {
  const engine = createAnomalyEngine({ ...settings, maxEntities: 7 }, signals);
  run(readingsOf(3), engine);
  expect(engine.view().kinds.map(({ entities, dropped }) => [entities.length, dropped])).toEqual([
    [7, 3],
    [2, 0],
  ]);
});

test('readings that are none, and signals that nobody knows, are left out', () => {
  const engine = createAnomalyEngine(settings, signals);
  engine.step(start, [
    { signal: 'heat', members: gpus.slice(0, 4), values: [Number.NaN, Number.POSITIVE_INFINITY, 1e308, 5] },
    { signal: 'other', members: gpus, values: gpus.map(() => 1) },
  ]);
  expect(engine.view().kinds[0]?.entities.map(({ entity, value }) => [entity.uuid, value(0)])).toEqual([['g3', 5]]);
});

test('a GPU that moves to another node or group stays the same', () => {
  const { engine } = run(readingsOf(200));
  const moved = { ...gpu('g0', 'c1/other'), entity: { ...gpu('g0').entity, node: 'elsewhere' } };
  engine.step(start + 200 * 900_000, [{ signal: 'heat', members: [moved], values: [60] }]);
  const view = engine.view().kinds[0];
  expect(view?.groups).toEqual(['c1/H100', 'c1/other']);
  expect(view?.entities[0]?.entity.node).toBe('elsewhere');
  expect(view?.entities[0]?.score('tail', 0)).toBeDefined();
});

test('the budget raises the threshold when there are too many reports', () => {
  // Two steps every 13 hours, on a GPU after the other.
  const noisy: Fault = (step, name, at) => (name === 'heat' && (step + at * 5) % 53 < 2 ? 9 + ((step * 7) % 40) : 0);
  const readings = readingsOf(700, noisy, 3);
  const free = run(readings);
  const tight = run(readings, createAnomalyEngine({ ...settings, budgetPerEntityDay: 0.6 }, signals));
  const reportsOf = ({ events }: typeof free) => events.filter(({ detector }) => detector === 'peers').length;
  expect(reportsOf(tight)).toBeLessThan(reportsOf(free) / 1.5);
  const [, peers] = tight.engine.view().kinds[0]?.thresholds ?? [];
  expect(peers?.detector).toBe('peers');
  expect(peers?.threshold).toBeGreaterThan(1);
  expect(peers?.spent).toBeLessThanOrEqual(0.2);
  expect(free.engine.view().kinds[0]?.thresholds[1]?.threshold).toBe(1);
});

test('memory is reported and does not grow with time', () => {
  const { engine } = run(readingsOf(20));
  const { bytes } = engine.view();
  run(readingsOf(400), engine, 20);
  expect(engine.view().bytes).toBe(bytes);
  expect(bytes).toBeLessThan(12 * 20_000);
});
