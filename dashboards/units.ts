import type { Unit } from '../metrics/define.ts';

/** Units that an expression makes out of a metric's own unit. */
export type DerivedUnit = 'count' | 'watt_hours' | 'per_second' | 'bytes_per_second';
export type PanelUnit = Unit | DerivedUnit;

/** Ids of Grafana's unit registry. `locale` groups the digits of a whole number and never shortens it to "10 K". */
export const grafanaUnits = {
  seconds: 's',
  bytes: 'bytes',
  celsius: 'celsius',
  watts: 'watt',
  joules: 'joule',
  ratio: 'percentunit',
  hertz: 'hertz',
  percent: 'percent',
  none: 'none',
  count: 'locale',
  watt_hours: 'watth',
  per_second: 'ops',
  bytes_per_second: 'binBps',
} as const satisfies Readonly<Record<PanelUnit, string>>;

export function grafanaUnit(unit: PanelUnit): string {
  return grafanaUnits[unit];
}

/** The unit behind an id of Grafana's, as far as our boards use it. */
export function panelUnitOf(id: string): PanelUnit | undefined {
  return Object.keys(grafanaUnits)
    .filter(isPanelUnit)
    .find((unit) => grafanaUnits[unit] === id);
}

function isPanelUnit(name: string): name is PanelUnit {
  return Object.hasOwn(grafanaUnits, name);
}
