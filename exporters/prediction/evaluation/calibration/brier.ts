/** Mean squared distance of probabilities from what came. Undefined without a row. */
export function brier(scores: Float64Array, labels: Uint8Array, rows: Uint32Array): number | undefined {
  let sum = 0;
  for (const row of rows) sum += ((scores[row] ?? 0) - (labels[row] ?? 0)) ** 2;
  return rows.length === 0 ? undefined : sum / rows.length;
}

/** That of one probability for all rows. */
export function constantBrier(probability: number, labels: Uint8Array, rows: Uint32Array): number | undefined {
  return brier(new Float64Array(labels.length).fill(probability), labels, rows);
}

/** How much better than the constant: 1 is perfect, 0 no better, below 0 worse. */
export function brierSkill(own: number | undefined, constant: number | undefined): number | undefined {
  return own === undefined || constant === undefined || constant === 0 ? undefined : 1 - own / constant;
}
