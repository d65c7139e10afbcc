import type {
  ComponentKind,
  FanReading,
  LeakReading,
  PartHealth,
  SupplyReading,
  TemperatureReading,
  VoltageReading,
} from '../../hardware/hardware-reading.ts';
import { healthOf, partOf, type Resource, textOf } from './resource.ts';

/** Bounds beyond which no sensor of a server can be right. */
const plausible = {
  celsius: [-60, 200],
  rpm: [0, 100_000],
  percent: [0, 120],
  volts: [-100, 1000],
  watts: [0, 200_000],
  kilowattHours: [0, 1e9],
} as const;
type Quantity = keyof typeof plausible;

/** Sensors as they are put together from several resources, each name once. */
export interface SensorDraft {
  readonly temperatures: TemperatureReading[];
  readonly fans: FanReading[];
  readonly voltages: VoltageReading[];
  readonly supplies: SupplyReading[];
  readonly leaks: LeakReading[];
  readonly healths: PartHealth[];
  powerWatts: number | undefined;
  energyJoules: number | undefined;
  /** The value, unless nothing real has it: then it is noted as a problem. */
  readonly sane: (quantity: Quantity, name: string, value: number | undefined) => number | undefined;
  /** The name, with the place in front where another has it already. */
  readonly nameOf: (kind: ComponentKind, name: string, place: string) => string;
  readonly judge: (component: ComponentKind, part: string, resource: Resource, key?: 'Health' | 'HealthRollup') => void;
}

export function createSensorDraft(tellProblem: (subject: string, reason: string) => void): SensorDraft {
  const names = new Set<string>();
  const healths: PartHealth[] = [];
  return {
    temperatures: [],
    fans: [],
    voltages: [],
    supplies: [],
    leaks: [],
    healths,
    powerWatts: undefined,
    energyJoules: undefined,
    sane: (quantity, name, value) => {
      if (value === undefined) return undefined;
      const [lowest, highest] = plausible[quantity];
      if (value >= lowest && value <= highest) return value;
      tellProblem(name, `${value} is no ${quantity} that can be; it is left out`);
      return undefined;
    },
    nameOf: (kind, name, place) => {
      const own = names.has(`${kind} ${name}`) ? `${place} ${name}` : name;
      names.add(`${kind} ${own}`);
      return own;
    },
    judge: (component, part, resource, key = 'Health') => {
      const health = healthOf(resource, key);
      if (health !== undefined) healths.push({ component, part, health });
    },
  };
}

/** False for sensors that are listed although they measure nothing now. */
export function isMeasuring(sensor: Resource): boolean {
  return !/^(Absent|Disabled|UnavailableOffline|Deferring|InTest)$/.test(
    textOf(partOf(sensor, 'Status'), 'State') ?? '',
  );
}
