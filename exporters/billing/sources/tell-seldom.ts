const againMs = 3_600_000;
const maxTexts = 1000;

/** Passes each text on once an hour at most: a window is metered many times, and what is wrong with it stays. */
export function tellSeldom(tell: (text: string) => void, nowMs: () => number): (text: string) => void {
  const toldAt = new Map<string, number>();
  return (text) => {
    const now = nowMs();
    const before = toldAt.get(text);
    if (before !== undefined && now - before < againMs) return;
    toldAt.delete(text);
    toldAt.set(text, now);
    const [oldest] = toldAt.keys();
    if (toldAt.size > maxTexts && oldest !== undefined) toldAt.delete(oldest);
    tell(text);
  };
}
