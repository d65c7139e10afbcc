/** Where a member of the outermost object stands in a JSON text. */
export interface JsonMember {
  readonly valueStart: number;
  readonly valueEnd: number;
  /** The member with the comma that goes when it is cut out. */
  readonly cutStart: number;
  readonly cutEnd: number;
}

const space = /[\t\n\r ]/;

/**
 * Finds the last member with that key in the outermost object, as most parsers take it, without rewriting the rest: numbers, spaces and
 * escapes stay as they are. `json` must be valid. Undefined if there is none, or if it is written with escapes.
 */
export function findMember(json: string, key: string): JsonMember | undefined {
  const quoted = `"${key}"`;
  let at = json.indexOf('{') + 1;
  if (at === 0) return undefined;
  let found: JsonMember | undefined;
  let previousComma: number | undefined;
  for (;;) {
    const keyStart = skipSpace(json, at);
    if (json[keyStart] !== '"') return found;
    const keyEnd = endOfString(json, keyStart);
    const valueStart = skipSpace(json, skipSpace(json, keyEnd) + 1);
    const valueEnd = endOfValue(json, valueStart);
    const comma = skipSpace(json, valueEnd);
    const isLast = json[comma] !== ',';
    if (json.slice(keyStart, keyEnd) === quoted) {
      found =
        previousComma === undefined
          ? { valueStart, valueEnd, cutStart: keyStart, cutEnd: isLast ? valueEnd : skipSpace(json, comma + 1) }
          : { valueStart, valueEnd, cutStart: previousComma, cutEnd: valueEnd };
    }
    if (isLast) return found;
    previousComma = comma;
    at = comma + 1;
  }
}

function skipSpace(json: string, from: number): number {
  let at = from;
  while (at < json.length && space.test(json.charAt(at))) at++;
  return at;
}

/** Position after the closing quote of the string that begins at `from`. */
function endOfString(json: string, from: number): number {
  for (let at = json.indexOf('"', from + 1); at !== -1; at = json.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (json[at - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return at + 1;
  }
  return json.length;
}

function endOfValue(json: string, from: number): number {
  let depth = 0;
  for (let at = from; at < json.length; at++) {
    const character = json[at];
    if (character === '"') at = endOfString(json, at) - 1;
    else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') {
      if (depth === 0) return trimmedEnd(json, from, at);
      depth--;
      if (depth === 0) return at + 1;
      continue;
    }
    if (depth === 0 && character === '"') return at + 1;
    if (depth === 0 && character === ',') return trimmedEnd(json, from, at);
  }
  return json.length;
}

function trimmedEnd(json: string, from: number, end: number): number {
  let at = end;
  while (at > from && space.test(json.charAt(at - 1))) at--;
  return at;
}
