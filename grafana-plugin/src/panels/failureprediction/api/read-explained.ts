import type { ByHorizon } from '../horizon';
import { eachHorizon, readRisk, type SaidRisk } from './read-risk';
import { listOf, numberOf, recordOf, textOf, timeOf } from './record';

/** What speaks for or against a failure. */
export interface Contribution {
  readonly feature: string;
  readonly value: number | undefined;
  readonly peerMedian: number | undefined;
  /** In log-odds. */
  readonly amount: number;
}

export interface SaidIncident {
  readonly uuid: string | undefined;
  readonly node: string;
  readonly cluster: string;
  readonly startMs: number;
  readonly endMs: number | undefined;
  readonly isOpen: boolean;
  readonly what: string;
  readonly toldBy: readonly string[];
  /** 0 to 1, to the GPU that is asked for. */
  readonly similarity: number | undefined;
  readonly shared: readonly string[];
}

export interface Explained extends SaidRisk {
  readonly contributions: ByHorizon<readonly Contribution[]>;
  readonly similar: readonly SaidIncident[];
  readonly models: string | undefined;
}

export function readExplained(answer: unknown): Explained {
  const risk = readRisk(answer);
  const record = recordOf(answer);
  if (risk === undefined || record === undefined) throw new Error('the answer names no GPU');
  return {
    ...risk,
    contributions: eachHorizon(record.contributions, (list) =>
      Array.isArray(list) ? list.flatMap((each) => readContribution(each) ?? []) : undefined,
    ),
    similar: listOf(record.similar_incidents).flatMap((each) => readIncident(each) ?? []),
    models: textOf(record.models),
  };
}

function readContribution(value: unknown): Contribution | undefined {
  const record = recordOf(value);
  const feature = textOf(record?.feature);
  const amount = numberOf(record?.contribution);
  if (record === undefined || feature === undefined || amount === undefined) return undefined;
  return { feature, amount, value: numberOf(record.value), peerMedian: numberOf(record.peer_median) };
}

export function readIncidents(answer: unknown): readonly SaidIncident[] {
  const record = recordOf(answer);
  if (!Array.isArray(record?.incidents)) throw new Error('the answer has no list "incidents"');
  return record.incidents.flatMap((each) => readIncident(each) ?? []);
}

function readIncident(value: unknown): SaidIncident | undefined {
  const record = recordOf(value);
  const startMs = timeOf(record?.started);
  if (record === undefined || startMs === undefined) return undefined;
  return {
    uuid: textOf(record.uuid),
    node: textOf(record.node) ?? '',
    cluster: textOf(record.cluster) ?? '',
    startMs,
    endMs: timeOf(record.ended),
    isOpen: record.is_open === true,
    what: textOf(record.what) ?? '',
    toldBy: listOf(record.told_by).flatMap((each) => textOf(each) ?? []),
    similarity: numberOf(record.similarity),
    shared: listOf(record.shared).flatMap((each) => textOf(each) ?? []),
  };
}
