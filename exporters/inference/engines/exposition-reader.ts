import { SourceError } from '../../../kit/errors.ts';

export interface NativeSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** May be NaN or infinite. */
  readonly value: number;
}

export interface ExpositionReader {
  /** Takes the next part of the text, cut anywhere. Throws SourceError. */
  readonly push: (text: string) => void;
  /** The samples so far. A last line without its newline may be cut in the middle of a number, so it is left out. */
  readonly end: () => readonly NativeSample[];
}

/** A label value may be long, but nothing that a server means to say is this long. */
const maxLineLength = 65_536;
const maxSamples = 50_000;

const expositionLine = /^(?:# (?:TYPE|HELP|EOF)|[a-zA-Z_:][\w:]*(?:\{.*\})?[ \t]+[-+]?[\d.NnI])/;
const sampleName = /^[a-zA-Z_:][\w:]*/;
const labelPart = /[ \t]*([a-zA-Z_]\w*)[ \t]*=[ \t]*"((?:[^"\\]|\\.)*)"[ \t]*(?:,|(?=\}))/y;
/** What may follow, a time and an exemplar, is not of interest. */
const valuePart = /[ \t]+([-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?|nan|inf(?:inity)?))(?=[ \t]|$)/iy;

/**
 * Reads the samples with these names out of an exposition, text or OpenMetrics. A line that is broken costs itself alone. Other lines are
 * hardly looked at, so that a long page costs little.
 */
export function createExpositionReader(wanted: ReadonlySet<string>): ExpositionReader {
  const samples: NativeSample[] = [];
  let rest = '';
  let isExposition = false;

  function takeLine(line: string): void {
    isExposition ||= expositionLine.test(line);
    const [name] = sampleName.exec(line) ?? [];
    if (name === undefined || !wanted.has(name)) return;
    const sample = parseSample(name, line);
    if (sample === undefined) return;
    isExposition = true;
    if (samples.length >= maxSamples) throw new SourceError(`has more than ${maxSamples} samples`);
    samples.push(sample);
  }

  return {
    push: (text) => {
      const all = rest + text;
      let start = 0;
      for (let end = all.indexOf('\n'); end >= 0; end = all.indexOf('\n', start)) {
        takeLine(all.slice(start, all[end - 1] === '\r' ? end - 1 : end));
        start = end + 1;
      }
      rest = all.slice(start);
      if (rest.length > maxLineLength) throw new SourceError(`has a line of more than ${maxLineLength} characters`);
    },
    end: () => {
      if (!isExposition) throw new SourceError('answered with something that is no metrics for Prometheus');
      return samples;
    },
  };
}

/** Undefined if the line is no sample. */
function parseSample(name: string, line: string): NativeSample | undefined {
  const hasLabels = line[name.length] === '{';
  const parsed = hasLabels ? parseLabels(line, name.length + 1) : { labels: {}, end: name.length };
  if (parsed === undefined) return undefined;
  valuePart.lastIndex = parsed.end;
  const [, value] = valuePart.exec(line) ?? [];
  return value === undefined ? undefined : { name, labels: parsed.labels, value: numberOf(value) };
}

function parseLabels(line: string, start: number): { labels: Record<string, string>; end: number } | undefined {
  // No prototype: a label may be called __proto__.
  const labels: Record<string, string> = Object.create(null);
  let at = start;
  while (line[at] !== '}') {
    labelPart.lastIndex = at;
    const [, name, value] = labelPart.exec(line) ?? [];
    if (name === undefined || value === undefined || name in labels) return undefined;
    labels[name] = unescaped(value);
    at = labelPart.lastIndex;
  }
  return { labels, end: at + 1 };
}

function unescaped(value: string): string {
  if (!value.includes('\\')) return value;
  return value.replaceAll(/\\(.)/g, (whole, character: string) => {
    if (character === 'n') return '\n';
    return character === '\\' || character === '"' ? character : whole;
  });
}

function numberOf(text: string): number {
  const [, sign = '', word = ''] = /^([-+]?)([a-z]*)/i.exec(text) ?? [];
  if (word === '') return Number(text);
  if (word.toLowerCase() === 'nan') return Number.NaN;
  return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** The bound of a bucket, or undefined if the label is no number. */
export function boundOf(le: string | undefined): number | undefined {
  if (le === undefined) return undefined;
  if (/^\+?inf(inity)?$/i.test(le)) return Number.POSITIVE_INFINITY;
  const bound = le.trim() === '' ? Number.NaN : Number(le);
  return Number.isFinite(bound) ? bound : undefined;
}
