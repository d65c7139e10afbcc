import { type Horizon, horizonOf } from './horizon';

export type View = 'both' | 'table' | 'heatmap';

export interface Options {
  /** Which GPUs are listed first, and by what the map is coloured; may hold a variable. */
  readonly horizon: string;
  readonly view: View;
  /** UUID of the GPU that is explained; may hold a variable, which then follows what people click. */
  readonly gpu: string;
  /** Names of nodes as a regular expression; may hold a variable. */
  readonly nodes: string;
  readonly rows: number;
  /** Probabilities at which colours change, such as `1%, 5%, 20%`; empty for multiples of the base rate. */
  readonly thresholds: string;
  readonly staleMinutes: number;
  /** Where the runbook pages are served, such as `https://wiki.example.com/runbooks/`. */
  readonly runbooks: string;
  /** Names in the address that take the chosen GPU and horizon, where those are not of the form `var-name`. */
  readonly gpuKey?: string;
  readonly horizonKey?: string;
}

export const defaults: Options = {
  horizon: '7d',
  view: 'both',
  gpu: '',
  nodes: '',
  rows: 1000,
  thresholds: '',
  staleMinutes: 120,
  runbooks: '',
};

export const fallbackHorizon: Horizon = '7d';

/** The name in the address that holds the variable of an option, if it is nothing but one. */
export function addressKeyOf(text: string, own: string | undefined): string | undefined {
  if (own !== undefined && own !== '') return own;
  const name = /^\$(?:\{(\w+)(?::\w+)?\}|(\w+))$/.exec(text.trim());
  return name === null ? undefined : `var-${name[1] ?? name[2] ?? ''}`;
}

/** What an option holds once its variables are replaced; a variable that nobody has defined holds nothing. */
export function heldText(text: string): string {
  const held = text.trim();
  return held.startsWith('$') ? '' : held;
}

export function heldHorizon(text: string): Horizon {
  return horizonOf(text.trim()) ?? fallbackHorizon;
}

export function viewOf(text: string): View {
  return text === 'table' || text === 'heatmap' ? text : 'both';
}
