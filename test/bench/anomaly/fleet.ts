import { createAnomalyEngine } from '../../../exporters/prediction/anomaly/engine/engine.ts';
import { defaultAnomaly } from '../../../exporters/prediction/anomaly/settings.ts';
import type { Signal } from '../../../exporters/prediction/anomaly/signals.ts';
import { noiseOf } from '../../exporters/prediction/anomaly/generated.ts';
import { costOf, type Row, row } from '../bench.ts';

const entities = 10_000;
const signals: readonly Signal[] = Array.from({ length: 10 }, (_, at) => ({
  name: `signal${at}`,
  kind: 'gpu',

  floor: { absolute: 0.5, relative: 0 },
}));
/** The windows of three days are full after 864. */
const warmUp = 866;
const measured = 30;

/** 10,000 entities with 10 signals, noise alone, with full windows. */
export async function fleetRows(progress: (step: string) => void): Promise<readonly Row[]> {
  const engine = createAnomalyEngine(defaultAnomaly, signals);
  const members = Array.from({ length: entities }, (_, at) => ({
    entity: { kind: 'gpu' as const, cluster: 'c', node: `n${at >> 3}`, uuid: `GPU-${at}` },
    group: `c/${at % 3}`,
  }));
  const noise = noiseOf(1);
  const values = signals.map(() => new Float64Array(entities));
  const costs: number[] = [];
  let events = 0;
  for (let step = 0; step < warmUp + measured; step++) {
    if (step % 200 === 0) progress(`step ${step} of ${warmUp + measured}`);
    for (const column of values) for (let at = 0; at < entities; at++) column[at] = 50 + 3 * noise();
    const { cpuMs } = await costOf(() => {
      const found = engine.step(
        1.7e12 + step * defaultAnomaly.stepMs,
        signals.map(({ name }, at) => ({ signal: name, members, values: values[at] ?? [] })),
      );
      events += found?.events.length ?? 0;
    });
    if (step >= warmUp) costs.push(cpuMs);
  }
  const { bytes } = engine.view();
  const days = (measured * defaultAnomaly.stepMs) / 86_400_000;
  return [
    row({ bench: 'anomaly', name: 'step of 10,000 entities with 10 signals', unit: 'CPU ms', runs: costs }),
    row({ bench: 'anomaly', name: 'state of 10,000 entities with 10 signals', unit: 'MB', runs: [bytes / 1e6] }),
    row({ bench: 'anomaly', name: 'state of a signal of an entity', unit: 'kB', runs: [bytes / entities / 10 / 1000] }),
    row({
      bench: 'anomaly',
      name: 'reports of noise for each entity and day',
      unit: '',
      runs: [events / entities / ((warmUp * defaultAnomaly.stepMs) / 86_400_000 + days)],
    }),
  ];
}
