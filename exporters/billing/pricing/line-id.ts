/** Parts between which | stands; a | in a part cannot be taken for one. */
export function lineId(...parts: readonly string[]): string {
  return parts.map((each) => each.replaceAll('|', '%7C')).join('|');
}
