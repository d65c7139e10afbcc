/** Takes trouble in words. */
export type Trouble = (kind: string, text: string) => void;

/** Tells each kind of trouble once: what goes wrong with one request goes wrong with thousands. */
export function createTrouble(tell: (text: string) => void): Trouble {
  const told = new Set<string>();
  return (kind, text) => {
    if (told.has(kind)) return;
    told.add(kind);
    tell(text);
  };
}
