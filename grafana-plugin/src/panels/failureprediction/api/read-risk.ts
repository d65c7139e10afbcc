import { type ByHorizon, HORIZONS, type Horizon } from '../horizon';
import { gravity, layerOf } from '../rows/facts-of-gpus';
import { isProbability } from '../rows/probabilities-of';
import { type Layer, type RuleHit, SEVERITIES } from '../rows/risk-row';
import { type JsonRecord, listIn, listOf, numberOf, recordOf, textOf, timeOf } from './record';

/** What the service says of one GPU. */
export interface SaidRisk {
  readonly uuid: string;
  readonly cluster: string;
  readonly node: string;
  readonly atMs: number | undefined;
  readonly probability: ByHorizon<number>;
  readonly layer: ByHorizon<Layer>;
  readonly rules: readonly RuleHit[];
  readonly isOut: boolean;
  readonly action: string | undefined;
  readonly reason: string | undefined;
}

export interface SaidRisks {
  readonly risks: readonly SaidRisk[];
  readonly total: number;
  readonly atMs: number | undefined;
}

export function readRisks(answer: unknown): SaidRisks {
  const risks = listIn(answer, 'risks').flatMap((each) => readRisk(each) ?? []);
  const record = recordOf(answer) ?? {};
  return { risks, total: numberOf(record.total) ?? risks.length, atMs: timeOf(record.at) };
}

/** Undefined for a node, and for what cannot be told apart. */
export function readRisk(answer: unknown): SaidRisk | undefined {
  const record = recordOf(answer);
  const uuid = textOf(record?.uuid);
  if (record === undefined || uuid === undefined) return undefined;
  const advice = recordOf(record.recommended_action);
  return {
    uuid,
    cluster: textOf(record.cluster) ?? '',
    node: textOf(record.node) ?? '',
    atMs: timeOf(record.at),
    probability: eachHorizon(record.probability, (value) => {
      const probability = numberOf(value);
      return probability !== undefined && isProbability(probability) ? probability : undefined;
    }),
    layer: eachHorizon(record.layer, layerOf),
    rules: listOf(record.rules)
      .flatMap((each) => readRule(recordOf(each)) ?? [])
      .sort((a, b) => gravity(a) - gravity(b)),
    isOut: record.out_of_service === true,
    action: textOf(advice?.action),
    reason: textOf(advice?.reason),
  };
}

export function eachHorizon<T>(value: unknown, read: (value: unknown) => T | undefined): ByHorizon<T> {
  const record = recordOf(value) ?? {};
  const found: Partial<Record<Horizon, T>> = {};
  for (const horizon of HORIZONS) {
    const own = read(record[horizon]);
    if (own !== undefined) found[horizon] = own;
  }
  return found;
}

function readRule(record: JsonRecord | undefined): RuleHit | undefined {
  const rule = textOf(record?.rule);
  const severity = SEVERITIES.find((each) => each === record?.severity);
  if (record === undefined || rule === undefined || severity === undefined) return undefined;
  const [sentence, action] = [textOf(record.sentence), textOf(record.action)];
  return {
    rule,
    severity,
    ...(sentence === undefined ? {} : { sentence }),
    ...(action === undefined ? {} : { action }),
  };
}
