import type { SaidRisk, SaidRisks } from '../api/read-risk';
import { gpuKey } from './facts-of-gpus';
import { rankRows } from './rank-rows';
import type { RiskRow } from './risk-row';

/**
 * Adds what the service says: who is out of service, rules in its words, who made the probability. Rows of GPUs that Prometheus does not know come from
 * the service alone. Prometheus keeps the say in probabilities, so that rows and charts agree.
 */
export function withSaid(rows: readonly RiskRow[], said: SaidRisks | undefined): readonly RiskRow[] {
  if (said === undefined || said.risks.length === 0) return rows;
  const byKey = new Map(said.risks.map((risk) => [gpuKey(risk.cluster, risk.uuid), risk]));
  const known = rows.map((row) => {
    const own = byKey.get(row.key);
    byKey.delete(row.key);
    return own === undefined ? row : joined(row, own);
  });
  const others = rows.length === 0 ? [...byKey].map(([key, risk]) => joined(emptyRow(key, risk), risk)) : [];
  return rankRows([...known, ...others]);
}

function joined(row: RiskRow, { probability, layer, rules, isOut, atMs }: SaidRisk): RiskRow {
  return {
    ...row,
    probability: Object.keys(row.probability).length === 0 ? probability : row.probability,
    layer,
    rules: rules.length === 0 ? row.rules : rules,
    isOut,
    ...(atMs === undefined ? {} : { atMs: Math.max(atMs, row.atMs ?? 0) }),
  };
}

function emptyRow(key: string, { uuid, cluster, node }: SaidRisk): RiskRow {
  return { key, uuid, cluster, node, probability: {}, range: {}, rank: {}, layer: {}, rules: [], isOut: false };
}
