export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** As written. */
  readonly value: string;
}

export interface ParsedFamily {
  readonly type: string;
  readonly help: string | undefined;
  readonly unit: string | undefined;
  readonly samples: readonly Sample[];
}

type Format = 'text' | 'openmetrics';

/** What a sample's name may add to the name of its family. */
const suffixes: Readonly<Record<Format, Readonly<Record<string, readonly string[]>>>> = {
  text: {
    counter: [''],
    gauge: [''],
    histogram: ['_bucket', '_sum', '_count'],
    summary: ['', '_sum', '_count'],
    untyped: [''],
  },
  openmetrics: {
    counter: ['_total', '_created'],
    gauge: [''],
    histogram: ['_bucket', '_sum', '_count', '_created'],
    summary: ['', '_sum', '_count', '_created'],
    info: ['_info'],
    unknown: [''],
  },
};

interface OpenFamily {
  type: string | undefined;
  help: string | undefined;
  unit: string | undefined;
  readonly samples: Sample[];
}

/**
 * Parses an exposition and throws on everything that the format forbids: families that come twice, metadata after samples, samples
 * that do not belong, the same series twice, bad escapes, a missing end.
 */
export function parseExposition(format: Format, text: string): ReadonlyMap<string, ParsedFamily> {
  const families = new Map<string, OpenFamily>();
  const seen = new Set<string>();
  let current: string | undefined;
  for (const [index, line] of linesOf(format, text).entries()) {
    try {
      current = parseLine(format, line, { families, seen, current });
    } catch (cause) {
      throw new Error(`line ${index + 1}: ${cause instanceof Error ? cause.message : cause}: ${line}`, { cause });
    }
  }
  return new Map([...families].map(([name, { type = 'untyped', ...family }]) => [name, { type, ...family }]));
}

function linesOf(format: Format, text: string): string[] {
  const end = format === 'openmetrics' ? '# EOF\n' : '\n';
  if (text !== '' && !text.endsWith(end)) throw new Error(`does not end with ${JSON.stringify(end)}`);
  const lines = text.slice(0, text.length - end.length).split('\n');
  if (format === 'text') return lines.filter((line) => line !== '');
  if (lines.at(-1) === '') lines.pop();
  if (lines.includes('')) throw new Error('has an empty line');
  return lines;
}

interface State {
  readonly families: Map<string, OpenFamily>;
  readonly seen: Set<string>;
  readonly current: string | undefined;
}

function parseLine(format: Format, line: string, state: State): string {
  const [, keyword, name, rest] = /^# (HELP|TYPE|UNIT) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/s.exec(line) ?? [];
  if (keyword === undefined || name === undefined || rest === undefined) return parseSample(format, line, state);
  const family = openFamily(name, state);
  if (family.samples.length > 0) throw new Error('metadata after samples');
  switch (keyword) {
    case 'TYPE':
      setType(format, family, rest);
      break;
    case 'UNIT':
      setUnit(format, family, name, rest);
      break;
    default:
      family.help = once(family.help, withoutEscapes(rest, format === 'text' ? '\\n' : '\\n"'));
  }
  return name;
}

function setUnit(format: Format, family: OpenFamily, name: string, unit: string): void {
  if (format === 'text') throw new Error('units are for OpenMetrics');
  if (!name.endsWith(`_${unit}`)) throw new Error('the name does not end with the unit');
  family.unit = once(family.unit, unit);
}

function setType(format: Format, family: OpenFamily, type: string): void {
  if (!Object.hasOwn(suffixes[format], type)) throw new Error('no such type');
  family.type = once(family.type, type);
}

function openFamily(name: string, { families, current }: State): OpenFamily {
  const known = families.get(name);
  if (known !== undefined && name !== current) throw new Error('the family comes twice');
  if (known !== undefined) return known;
  const family: OpenFamily = { type: undefined, help: undefined, unit: undefined, samples: [] };
  families.set(name, family);
  return family;
}

function once(before: string | undefined, value: string): string {
  if (before !== undefined) throw new Error('given twice');
  return value;
}

const sampleForm = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/s;
/** Both formats take NaN in any case. */
const valueForm = /^(?:[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?|[Nn]a[Nn]|[+-]Inf)$/;

function parseSample(format: Format, line: string, state: State): string {
  const [, name, labelText, value] = sampleForm.exec(line) ?? [];
  if (name === undefined || value === undefined) throw new Error('no sample');
  if (!valueForm.test(value)) throw new Error('no number');
  const family = familyOf(format, name, state);
  const labels = parseLabels(labelText ?? '');
  const key = `${name} ${JSON.stringify(Object.entries(labels).sort())}`;
  if (state.seen.has(key)) throw new Error('the series comes twice');
  state.seen.add(key);
  state.families.get(family)?.samples.push({ name, labels, value });
  return family;
}

function familyOf(format: Format, name: string, { families, current }: State): string {
  const family = current === undefined ? undefined : families.get(current);
  if (current === undefined || family === undefined) throw new Error('a sample without family');
  const allowed = suffixes[format][family.type ?? (format === 'text' ? 'untyped' : 'unknown')] ?? [];
  if (!allowed.some((suffix) => name === current + suffix)) throw new Error(`does not belong to ${current}`);
  return current;
}

function parseLabels(text: string): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {};
  let rest = text;
  while (rest !== '') {
    const [whole, name, value] = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"(?:,(?=.)|$)/s.exec(rest) ?? [];
    if (whole === undefined || name === undefined || value === undefined) throw new Error('bad labels');
    if (Object.hasOwn(labels, name)) throw new Error(`label ${name} comes twice`);
    labels[name] = withoutEscapes(value, '\\n"');
    rest = rest.slice(whole.length);
  }
  return labels;
}

function withoutEscapes(text: string, allowed: string): string {
  return text.replaceAll(/\\(.)/gs, (_, character: string) => {
    if (!allowed.includes(character)) throw new Error(`bad escape \\${character}`);
    return character === 'n' ? '\n' : character;
  });
}
