export function percentText(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`;
}

/** A change, with its sign. */
export function changeText(ratio: number): string {
  const text = percentText(Math.abs(ratio));
  return `${ratio < 0 ? '\u2212' : '+'}${text}`;
}
