import { createAnomalyEngine } from '../../../exporters/prediction/anomaly/engine/engine.ts';
import type { AnomalyEvent } from '../../../exporters/prediction/anomaly/engine/events.ts';
import type { Member } from '../../../exporters/prediction/anomaly/engine/roster.ts';
import { defaultAnomaly } from '../../../exporters/prediction/anomaly/settings.ts';
import { signals as known, type Signal } from '../../../exporters/prediction/anomaly/signals.ts';
import { noiseOf, randomOf } from '../../exporters/prediction/anomaly/generated.ts';
import { type Row, row } from '../bench.ts';

const nodes = 25;
const perNode = 8;
const days = 42;
const stepMs = defaultAnomaly.stepMs;
const perDay = 86_400_000 / stepMs;
const names = ['gpu_temperature', 'gpu_memory_temperature', 'gpu_power', 'gpu_utilization'];
const signals: readonly Signal[] = names.flatMap((name) => known.filter((signal) => signal.name === name));

interface Fault {
  readonly gpu: number;
  readonly from: number;
  readonly to: number;
  /** Degrees at the beginning, and for each day after it. */
  readonly heat: number;
  readonly rise: number;
}

/** What was never looked at when a definition was chosen: a cluster with jobs, daily heat and faults of cooling that are known. */
export function generatedRows(): readonly Row[] {
  const sudden = faults(20, (random, at) => {
    const from = Math.floor((22 + 18 * random()) * perDay);
    return { gpu: at * 10, from, to: from + perDay / 4, heat: 12, rise: 0 };
  });
  const slow = faults(10, (_, at) => ({ gpu: at * 20 + 5, from: 20 * perDay, to: 41 * perDay, heat: 0, rise: 0.6 }));
  const events = run([...sudden, ...slow]);
  const ofFault = ({ gpu, from, to }: Fault, event: AnomalyEvent): boolean =>
    event.entity.uuid === `GPU-${gpu}` && event.atMs >= from * stepMs && event.atMs <= (to + perDay / 2) * stepMs;
  const share = (all: readonly Fault[], detectors: readonly string[]): number =>
    all.filter((fault) => events.some((event) => detectors.includes(event.detector) && ofFault(fault, event))).length /
    all.length;
  const falseOnes = events.filter((event) => ![...sudden, ...slow].some((fault) => ofFault(fault, event)));
  const rate = (detector: string): number =>
    falseOnes.filter((event) => event.detector === detector).length / (nodes * perNode * days);
  return [
    figure('sudden faults of cooling found by tail', share(sudden, ['tail'])),
    figure('sudden faults of cooling found by peers', share(sudden, ['peers'])),
    figure('slow loss of cooling found by drift', share(slow, ['drift'])),
    figure('slow loss of cooling found by peers', share(slow, ['peers'])),
    figure('slow loss of cooling found by tail', share(slow, ['tail'])),
    figure('false reports of tail for each entity and day', rate('tail')),
    figure('false reports of peers for each entity and day', rate('peers')),
    figure('false reports of drift for each entity and day', rate('drift')),
  ];
}

function figure(name: string, value: number): Row {
  return row({ bench: 'anomaly', name: `generated: ${name}`, unit: '', runs: [value] });
}

function faults(count: number, make: (random: () => number, at: number) => Fault): readonly Fault[] {
  const random = randomOf(count);
  return Array.from({ length: count }, (_, at) => make(random, at));
}

function run(all: readonly Fault[]): readonly AnomalyEvent[] {
  const engine = createAnomalyEngine(defaultAnomaly, signals);
  const noise = noiseOf(11);
  const random = randomOf(12);
  const members = Array.from({ length: nodes * perNode }, (_, at): Member => memberOf(at));
  const own = members.map(() => 2 * noise());
  const load = new Float64Array(nodes);
  const heat = Float64Array.from(members, () => 40);
  const values = names.map(() => new Float64Array(members.length));
  const events: AnomalyEvent[] = [];
  for (let step = 0; step < days * perDay; step++) {
    // A job of a node ends or begins every eight hours in the mean.
    for (let node = 0; node < nodes; node++)
      if (random() < 1 / 96) load[node] = random() < 0.3 ? 0 : 0.6 + 0.4 * random();
    const ambient = 2 * Math.sin((2 * Math.PI * step) / perDay);
    members.forEach((_, at) => {
      const busy = Math.max(0, Math.min(1, (load[Math.floor(at / perNode)] as number) * (1 + 0.03 * noise())));
      const target = 32 + ambient + 40 * busy + (own[at] as number) + heatOf(all, at, step);
      heat[at] = (heat[at] as number) + 0.6 * (target - (heat[at] as number));
      put(values, at, [
        (heat[at] as number) + 0.5 * noise(),
        (heat[at] as number) + 8 + 0.5 * noise(),
        90 + 560 * busy + 5 * noise(),
        busy,
      ]);
    });
    const readings = names.map((signal, at) => ({ signal, members, values: values[at] ?? [] }));
    events.push(...(engine.step(step * stepMs, readings)?.events ?? []));
  }
  return events;
}

/** Sensors tell whole degrees and watts, and hundredths of utilization. */
function put(values: readonly Float64Array[], at: number, readings: readonly number[]): void {
  readings.forEach((reading, signal) => {
    const column = values[signal];
    if (column !== undefined) column[at] = signal === 3 ? Math.round(reading * 100) / 100 : Math.round(reading);
  });
}

function heatOf(all: readonly Fault[], gpu: number, step: number): number {
  const fault = all.find((each) => each.gpu === gpu && step >= each.from && step <= each.to);
  return fault === undefined ? 0 : fault.heat + (fault.rise * (step - fault.from)) / perDay;
}

function memberOf(at: number): Member {
  const node = `n${Math.floor(at / perNode)}`;
  return {
    entity: { kind: 'gpu', cluster: 'c', node, uuid: `GPU-${at}` },
    group: 'c/H100',
    peers: `c/${node}`,
  };
}
