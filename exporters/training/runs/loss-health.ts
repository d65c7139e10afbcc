import { addToWindow, createWindow, madOf, medianOf, type RobustWindow } from './robust-window.ts';

export interface LossHealth {
  readonly window: RobustWindow;
  /** Of the first losses, as an absolute value. */
  initialMax: number;
  /** Finite losses so far. */
  reported: number;
  spikesByMad: number;
  spikesByMax: number;
  /** Undefined before the first loss. */
  isFinite: boolean | undefined;
}

/** Fewer values say little about what is usual. */
const leastForMad = 32;
const madFactor = 6;
const leastGrowth = 1.1;
/** Megatron-LM's rerun state machine: a loss of ten times the largest of the first hundred. */
const initialLosses = 100;
const maxFactor = 10;

export function createLossHealth(): LossHealth {
  return { window: createWindow(), initialMax: 0, reported: 0, spikesByMad: 0, spikesByMax: 0, isFinite: undefined };
}

/** A finite training loss was reported. It is compared with those before it. */
export function reportLoss(health: LossHealth, loss: number): void {
  health.isFinite = true;
  if (standsOut(health.window, loss)) health.spikesByMad++;
  if (health.reported < initialLosses) health.initialMax = Math.max(health.initialMax, Math.abs(loss));
  else if (Math.abs(loss) >= maxFactor * health.initialMax && health.initialMax > 0) health.spikesByMax++;
  health.reported++;
  addToWindow(health.window, loss);
}

function standsOut(window: RobustWindow, loss: number): boolean {
  const median = medianOf(window);
  if (median === undefined || window.values.length < leastForMad || loss <= leastGrowth * median) return false;
  return loss > median + madFactor * (madOf(window) ?? 0);
}
