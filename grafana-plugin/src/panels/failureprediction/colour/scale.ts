/**
 * Two rows of colours from the least to the most. Each step is told from the next by brightness alone, so the scale works for colour-blind people and on
 * grey paper; the most stands out from the background of its theme.
 */
export const colours = {
  dark: ['#25304a', '#3c4f7d', '#5b6f86', '#8f8a6a', '#cda93f', '#ffe15a'],
  light: ['#e9edf5', '#c3cfe6', '#97a6b8', '#7f7a58', '#6e4f14', '#4a2400'],
} as const;

export type ColourMode = keyof typeof colours;

export interface Step {
  /** From this probability on. */
  readonly from: number;
  readonly colour: string;
}

/** In multiples of the base rate: below the average, around it, and those that stand out. */
const multiples = [0, 0.8, 1.5, 3, 10, 30];
/** Where no base rate is known, halves of a decade. */
const plain = [0, 0.001, 0.003, 0.01, 0.03, 0.1];

export interface ScaleInput {
  readonly mode: ColourMode;
  /** Bounds that somebody has set, from low to high; empty for none. */
  readonly thresholds: readonly number[];
  readonly base: number | undefined;
}

export interface Scale {
  readonly steps: readonly Step[];
  readonly by: 'thresholds' | 'base' | 'plain';
}

export function scaleOf({ mode, thresholds, base }: ScaleInput): Scale {
  if (thresholds.length > 0) return { by: 'thresholds', steps: stepsOf([0, ...thresholds], mode) };
  if (base === undefined || base <= 0) return { by: 'plain', steps: stepsOf(plain, mode) };
  const bounds = multiples.map((multiple) => multiple * base).filter((bound) => bound < 1);
  return { by: 'base', steps: stepsOf(bounds, mode) };
}

/** Few steps are spread over the whole row, so that the highest always has the strongest colour. */
function stepsOf(bounds: readonly number[], mode: ColourMode): Step[] {
  const row = colours[mode];
  const last = Math.max(1, bounds.length - 1);
  return bounds.map((from, at) => ({ from, colour: row[Math.round((at * (row.length - 1)) / last)] ?? row[0] }));
}

export function stepAt(steps: readonly Step[], probability: number): number {
  let found = 0;
  for (const [at, { from }] of steps.entries()) if (probability >= from) found = at;
  return found;
}

export function colourAt(steps: readonly Step[], probability: number): string {
  return steps[stepAt(steps, probability)]?.colour ?? colours.dark[0];
}

const mostThresholds = 5;

export interface ReadThresholds {
  readonly bounds: readonly number[];
  /** What could not be read, as it was written. */
  readonly wrong: string | undefined;
}

/** `0.01, 5%, 0.2`: probabilities from low to high. Anything wrong makes all of it wrong. */
export function readThresholds(text: string): ReadThresholds {
  const parts = text
    .split(/[,;\s]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const bounds = parts.map((part) => (part.endsWith('%') ? Number(part.slice(0, -1)) / 100 : Number(part)));
  const isRising = bounds.every((bound, at) => bound > (bounds[at - 1] ?? 0) && bound < 1);
  if (!isRising || bounds.length > mostThresholds) return { bounds: [], wrong: text };
  return { bounds, wrong: undefined };
}
