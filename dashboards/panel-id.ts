/**
 * A number for a panel that depends on its key alone, so that links to a panel outlive changes of the board.
 * FNV-1a, 32 bit, kept within what a signed integer holds; a law test finds two panels of one board with the same id.
 */
export function panelId(key: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(key)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hash >>> 1 || 1;
}
