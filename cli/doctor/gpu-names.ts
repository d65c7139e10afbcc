/** `GPU 3`, `GPU 0 to 7`, `GPU 0, 2 to 4`. */
export function gpuNames(indexes: readonly number[]): string {
  const runs: [first: number, last: number][] = [];
  for (const index of [...indexes].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run !== undefined && index === run[1] + 1) run[1] = index;
    else runs.push([index, index]);
  }
  return `GPU ${runs.map(([first, last]) => rangeText(first, last)).join(', ')}`;
}

function rangeText(first: number, last: number): string {
  if (first === last) return String(first);
  return last === first + 1 ? `${first}, ${last}` : `${first} to ${last}`;
}

/** What several GPUs have in common is said once: `GPU 0 to 2: gpu_is_lost; GPU 5: reset_required`. */
export function byText(entries: readonly { readonly index: number; readonly text: string }[]): string {
  const indexes = new Map<string, number[]>();
  for (const { index, text } of entries) indexes.set(text, [...(indexes.get(text) ?? []), index]);
  return [...indexes].map(([text, of]) => `${gpuNames(of)}: ${text}`).join('; ');
}
