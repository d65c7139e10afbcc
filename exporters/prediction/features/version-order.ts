/**
 * Versions such as 535.104.05 and 96.00.74.00.0A by their numbers; negative where `a` is older. Read as hexadecimal, decimal numbers keep their order, so
 * both kinds can be compared without knowing which it is.
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split(/[.-]/), b.split(/[.-]/)];
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const order = compareParts(left[at] ?? '', right[at] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

function compareParts(a: string, b: string): number {
  if (/^[0-9a-f]+$/i.test(a) && /^[0-9a-f]+$/i.test(b)) return Number.parseInt(a, 16) - Number.parseInt(b, 16);
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
