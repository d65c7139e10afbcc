/** Where a member of the outermost object stands in a JSON text. */
export interface JsonMember {
  readonly valueStart: number;
  readonly valueEnd: number;
  /** The member with the comma that goes when it is cut out. */
  readonly cutStart: number;
  readonly cutEnd: number;
}

/**
 * Finds the last member with that key in the outermost object, as most parsers take it, without rewriting the rest: numbers, spaces and
 * escapes stay as they are. `json` must be valid. Undefined if there is none, or if its key is written with escapes.
 */
export function findMember(json: string, key: string): JsonMember | undefined {
  const quoted = `"${key}"`;
  let found: JsonMember | undefined;
  for (const member of membersOf(json)) {
    if (json.slice(member.keyStart, member.keyEnd) === quoted) found = cutOf(json, member);
  }
  return found;
}

interface Member {
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  /** The comma before it; undefined for the first. */
  readonly commaBefore: number | undefined;
  /** The comma after it; undefined for the last. */
  readonly commaAfter: number | undefined;
}

function* membersOf(json: string): Generator<Member> {
  let at: number | undefined = json.indexOf('{');
  if (at === -1) return;
  let commaBefore: number | undefined;
  while (at !== undefined) {
    const keyStart = skipSpace(json, at + 1);
    if (json[keyStart] !== '"') return;
    const keyEnd = endOfString(json, keyStart);
    const valueStart = skipSpace(json, skipSpace(json, keyEnd) + 1);
    const valueEnd = endOfValue(json, valueStart);
    const next = skipSpace(json, valueEnd);
    const commaAfter = json[next] === ',' ? next : undefined;
    yield { keyStart, keyEnd, valueStart, valueEnd, commaBefore, commaAfter };
    commaBefore = commaAfter;
    at = commaAfter;
  }
}

/** With the member goes the comma before it, or the one after it if it is the first. */
function cutOf(json: string, { keyStart, valueStart, valueEnd, commaBefore, commaAfter }: Member): JsonMember {
  if (commaBefore !== undefined) return { valueStart, valueEnd, cutStart: commaBefore, cutEnd: valueEnd };
  const cutEnd = commaAfter === undefined ? valueEnd : skipSpace(json, commaAfter + 1);
  return { valueStart, valueEnd, cutStart: keyStart, cutEnd };
}

function skipSpace(json: string, from: number): number {
  let at = from;
  while (' \t\n\r'.includes(json[at] ?? 'x')) at++;
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
  const first = json[from];
  if (first === '"') return endOfString(json, from);
  return first === '{' || first === '[' ? endOfNested(json, from) : endOfScalar(json, from);
}

function endOfScalar(json: string, from: number): number {
  let at = from;
  while (at < json.length && !',}] \t\n\r'.includes(json.charAt(at))) at++;
  return at;
}

function endOfNested(json: string, from: number): number {
  let depth = 0;
  for (let at = from; at < json.length; at++) {
    const character = json.charAt(at);
    if (character === '"') at = endOfString(json, at) - 1;
    else if ('{['.includes(character)) depth++;
    else if ('}]'.includes(character) && --depth === 0) return at + 1;
  }
  return json.length;
}
