const maxCharacters = 80;
const maxItems = 5;

/**
 * A bad value as an error shows it: short, whatever it is. Lists are shown one level deep, because YAML aliases can make a value that
 * holds itself or would fill the memory when written out.
 */
export function preview(value: unknown): string {
  if (!Array.isArray(value)) return scalar(value);
  const items = value.slice(0, maxItems).map(scalar);
  return cut(`[${[...items, ...(value.length > maxItems ? ['…'] : [])].join(',')}]`);
}

/** A name that somebody typed, for an error. */
export function cut(text: string): string {
  return text.length > maxCharacters ? `${text.slice(0, maxCharacters)}…` : text;
}

function scalar(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'keys and values';
  return cut(typeof value === 'string' ? JSON.stringify(value.slice(0, maxCharacters + 1)) : String(value));
}
