/** Where a key leads from a place in the row; -1 for keys that lead nowhere. */
export function indexAfter(key: string, at: number, length: number): number {
  const next: Readonly<Record<string, number>> = {
    ArrowRight: at + 1,
    ArrowDown: at + 1,
    ArrowLeft: at - 1,
    ArrowUp: at - 1,
    Home: 0,
    End: length - 1,
  };
  return next[key] ?? -1;
}
