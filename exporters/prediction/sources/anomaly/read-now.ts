import { reasonOf } from '../../../../kit/errors.ts';
import type { PrometheusApi } from '../../../../kit/prometheus-api.ts';
import type { Readings } from '../../anomaly/engine/kind-engine.ts';
import type { Member } from '../../anomaly/engine/roster.ts';
import type { AskedSignal, SignalAsking } from '../../anomaly/signals.ts';
import { type Membership, readModels } from './membership.ts';

export interface ReadDeps {
  readonly api: Pick<PrometheusApi, 'query' | 'queryRange'>;
  readonly membership: Membership;
  readonly signals: readonly AskedSignal[];
  /** Of the source: the series that are its own, and its names of labels. */
  readonly asking: SignalAsking;
  /** A signal that could not be read is missing in the step, and the others go on. */
  readonly onProblem: (problem: string) => void;
}

/** One instant query for each signal, one after the other. A signal without an answer is left out. An abort ends it. */
export async function readNow(
  { api, membership, signals, asking, onProblem }: ReadDeps,
  atMs: number,
  signal?: AbortSignal,
): Promise<readonly Readings[]> {
  const timeSeconds = atMs / 1000;
  try {
    membership.learn(await readModels(api, asking, timeSeconds, signal));
  } catch (error) {
    signal?.throwIfAborted();
    onProblem(`models of GPUs: ${reasonOf(error)}`);
  }
  const readings: Readings[] = [];
  for (const each of signals) {
    try {
      const { samples } = await api.query(each.query(asking), { timeSeconds, ...(signal && { signal }) });
      const found = new Map<Member, number>();
      for (const { labels, value } of samples) {
        const member = membership.memberOf(each.kind, labels);
        if (member !== undefined) found.set(member, higherOf(found.get(member), value));
      }
      readings.push({ signal: each.name, members: [...found.keys()], values: [...found.values()] });
    } catch (error) {
      signal?.throwIfAborted();
      onProblem(`${each.name}: ${reasonOf(error)}`);
    }
  }
  return readings;
}

/** Of a GPU that two targets show. A value that is not there is NaN. */
export function higherOf(known: number | undefined, value: number): number {
  return known !== undefined && (known > value || Number.isNaN(value)) ? known : value;
}
