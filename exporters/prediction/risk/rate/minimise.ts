/** Value at a point, and the gradient there, written into `gradient`. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

export interface Minimum {
  readonly point: Float64Array;
  readonly value: number;
  readonly steps: number;
  /** False when it stopped because of `maxSteps`. */
  readonly hasConverged: boolean;
}

interface Pair {
  readonly move: Float64Array;
  readonly change: Float64Array;
  readonly curvature: number;
}

const memory = 7;
const maxHalvings = 60;

/**
 * L-BFGS with halving of the step until it descends enough (Nocedal and Wright, Numerical Optimization, algorithms 7.4 and 3.1). Deterministic; a
 * point where the objective is no number is stepped back from.
 */
export function minimise(
  objective: Objective,
  start: Float64Array,
  { maxSteps = 300, tolerance = 1e-6 } = {},
): Minimum {
  let point: Float64Array = Float64Array.from(start);
  let gradient: Float64Array = new Float64Array(start.length);
  let value = objective(point, gradient);
  const pairs: Pair[] = [];
  for (let step = 0; step < maxSteps; step++) {
    if (largest(gradient) <= tolerance * Math.max(1, Math.abs(value)))
      return { point, value, steps: step, hasConverged: true };
    const next = descend(objective, { point, gradient, value }, directionOf(gradient, pairs));
    if (next === undefined) return { point, value, steps: step, hasConverged: true };
    remember(pairs, difference(next.point, point), difference(next.gradient, gradient));
    ({ point, gradient, value } = next);
  }
  return { point, value, steps: maxSteps, hasConverged: false };
}

interface Place {
  readonly point: Float64Array;
  readonly gradient: Float64Array;
  readonly value: number;
}

/** Undefined where no step goes down any more. */
function descend(objective: Objective, { point, gradient, value }: Place, direction: Float64Array): Place | undefined {
  const slope = dot(gradient, direction);
  const length = Math.min(1, 2 / Math.max(1e-300, largest(direction)));
  for (let halving = 0, size = length; halving < maxHalvings; halving++, size /= 2) {
    const moved = point.map((each, index) => each + size * (direction[index] ?? 0));
    const movedGradient = new Float64Array(point.length);
    const movedValue = objective(moved, movedGradient);
    if (movedValue <= value + 1e-4 * size * slope && movedValue < value)
      return { point: moved, gradient: movedGradient, value: movedValue };
  }
  return undefined;
}

/** The two loops of L-BFGS; steepest descent while nothing is remembered. */
function directionOf(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  const direction = gradient.map((each) => -each);
  const shares: number[] = [];
  for (const { move, change, curvature } of pairs.toReversed()) {
    const share = dot(move, direction) / curvature;
    shares.push(share);
    add(direction, change, -share);
  }
  const last = pairs.at(-1);
  if (last !== undefined) scale(direction, last.curvature / dot(last.change, last.change));
  for (const { move, change, curvature } of pairs)
    add(direction, move, (shares.pop() ?? 0) - dot(change, direction) / curvature);
  return direction;
}

/** Only what curves upwards, so that the direction always goes down. */
function remember(pairs: Pair[], move: Float64Array, change: Float64Array): void {
  const curvature = dot(move, change);
  if (curvature <= 1e-12 * dot(change, change)) return;
  pairs.push({ move, change, curvature });
  if (pairs.length > memory) pairs.shift();
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}

function add(to: Float64Array, what: Float64Array, times: number): void {
  for (let index = 0; index < to.length; index++) to[index] = (to[index] ?? 0) + times * (what[index] ?? 0);
}

function scale(what: Float64Array, times: number): void {
  for (let index = 0; index < what.length; index++) what[index] = (what[index] ?? 0) * times;
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((each, index) => each - (b[index] ?? 0));
}

function largest(values: Float64Array): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}
