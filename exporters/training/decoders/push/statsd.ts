export type StatsdType = 'gauge' | 'counter' | 'milliseconds' | 'histogram';

export interface StatsdMetric {
  readonly name: string;
  /** Several where the sender packs them, NaN and infinity included. */
  readonly values: readonly number[];
  readonly type: StatsdType;
  /** Above 0 and at most 1: the part of what happened that is told. */
  readonly sampleRate: number;
  readonly tags: ReadonlyMap<string, string>;
  /** Unix time in whole seconds, from protocol version 1.3 of DogStatsD on. */
  readonly timeSeconds: number | undefined;
}

export interface StatsdText {
  readonly metrics: readonly StatsdMetric[];
  /** Lines that could not be understood. */
  readonly problems: number;
}

const types: ReadonlyMap<string, StatsdType> = new Map([
  ['g', 'gauge'],
  ['c', 'counter'],
  ['ms', 'milliseconds'],
  ['h', 'histogram'],
  ['d', 'histogram'],
]);

/**
 * Reads datagrams of StatsD (github.com/statsd/statsd, docs/metric_types.md) and DogStatsD (docs.datadoghq.com, "DogStatsD protocol"):
 * `name:value|type|@rate|#tag:value,tag:value|T1656581400`, one metric a line. A gauge with a sign is a value, not a change, since losses
 * may be negative. Events, service checks and sets are not understood.
 */
export function parseStatsd(text: string): StatsdText {
  const metrics: StatsdMetric[] = [];
  let problems = 0;
  for (const line of text.split('\n')) {
    const trimmed = line.trim();
    if (trimmed === '') continue;
    const metric = parseLine(trimmed);
    if (metric === undefined) problems++;
    else metrics.push(metric);
  }
  return { metrics, problems };
}

function parseLine(line: string): StatsdMetric | undefined {
  const [head = '', typeName = '', ...extras] = line.split('|');
  // Names may have colons in them in no protocol, tag values may.
  const colon = head.indexOf(':');
  const type = types.get(typeName);
  if (colon <= 0 || type === undefined) return undefined;
  const values = head
    .slice(colon + 1)
    .split(':')
    .map(numberOf);
  if (!areNumbers(values)) return undefined;
  const extra = parseExtras(extras);
  return extra === undefined ? undefined : { name: head.slice(0, colon), values, type, ...extra };
}

function parseExtras(extras: readonly string[]): Pick<StatsdMetric, 'sampleRate' | 'tags' | 'timeSeconds'> | undefined {
  let sampleRate = 1;
  let timeSeconds: number | undefined;
  const tags = new Map<string, string>();
  for (const extra of extras) {
    const rest = extra.slice(1);
    if (extra.startsWith('@')) sampleRate = Number(rest);
    else if (extra.startsWith('#')) addTags(tags, rest);
    else if (extra.startsWith('T')) timeSeconds = Number(rest);
    // Other fields, such as the id of the container, may come with later versions.
  }
  if (!(sampleRate > 0 && sampleRate <= 1)) return undefined;
  if (timeSeconds !== undefined && !Number.isSafeInteger(timeSeconds)) return undefined;
  return { sampleRate, tags, timeSeconds };
}

function addTags(tags: Map<string, string>, text: string): void {
  for (const tag of text.split(',')) {
    const colon = tag.indexOf(':');
    if (colon > 0) tags.set(tag.slice(0, colon), tag.slice(colon + 1));
  }
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** As Python, C and JavaScript write numbers that are not finite, too. */
function numberOf(text: string): number | undefined {
  if (decimal.test(text)) return Number(text);
  const word = text.toLowerCase();
  if (word === 'nan' || word === '-nan' || word === '+nan') return Number.NaN;
  if (/^[+-]?inf(?:inity)?$/.test(word)) return word.startsWith('-') ? -Infinity : Infinity;
  return undefined;
}

function areNumbers(values: readonly (number | undefined)[]): values is readonly number[] {
  return !values.includes(undefined);
}
