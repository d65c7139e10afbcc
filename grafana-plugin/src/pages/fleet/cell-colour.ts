import type { NodeCell } from './node-map';

/** By what cells of the map are coloured. */
export const MAP_COLOURS = ['health', 'temperature', 'busy'] as const;
export type MapColour = (typeof MAP_COLOURS)[number];

export type CellLevel = 'none' | 'cold' | 'mild' | 'warm' | 'hot' | 'good' | 'warning' | 'bad';

/** What a cell's colour says. A node without a reading has no colour rather than a good one. */
export function levelOf(cell: NodeCell, colour: MapColour): CellLevel {
  if (colour === 'health') return healthOf(cell);
  if (colour === 'temperature') return stepOf(cell.temperature, [60, 75, 85]);
  return stepOf(cell.busy, [0.1, 0.5, 0.9]);
}

export function healthOf({ known, up, criticalAlerts, warnings }: NodeCell): CellLevel {
  if (up < known || criticalAlerts > 0) return 'bad';
  return warnings > 0 ? 'warning' : 'good';
}

const steps: readonly CellLevel[] = ['cold', 'mild', 'warm', 'hot'];

/** Which of four steps the value is on; the three bounds divide them. */
export function stepOf(value: number | undefined, bounds: readonly [number, number, number]): CellLevel {
  if (value === undefined || Number.isNaN(value)) return 'none';
  return steps[bounds.filter((bound) => value >= bound).length] ?? 'none';
}
