import type { Problem } from '../observation.ts';

export const healths = ['ok', 'warning', 'critical'] as const;
export type Health = (typeof healths)[number];

export const powerStates = ['on', 'off', 'powering_on', 'powering_off', 'paused'] as const;
export type PowerState = (typeof powerStates)[number];

export const componentKinds = [
  'system',
  'chassis',
  'bmc',
  'processor',
  'memory',
  'gpu',
  'storage',
  'nic',
  'fan',
  'power_supply',
  'temperature',
  'voltage',
  'leak',
] as const;
export type ComponentKind = (typeof componentKinds)[number];

/** Why a management controller could not be read. */
export const failureKinds = ['unreachable', 'timeout', 'certificate', 'credentials', 'status', 'content'] as const;
export type FailureKind = (typeof failureKinds)[number];

export interface PartHealth {
  readonly component: ComponentKind;
  readonly part: string;
  readonly health: Health;
}

/** A quantity that is missing is undefined. */
export interface TemperatureReading {
  readonly sensor: string;
  readonly celsius: number;
  readonly criticalCelsius: number | undefined;
}

export interface FanReading {
  readonly sensor: string;
  readonly rpm: number | undefined;
  readonly ratio: number | undefined;
}

export interface VoltageReading {
  readonly sensor: string;
  readonly volts: number;
}

export interface LeakReading {
  readonly sensor: string;
  readonly isLeaking: boolean;
}

export interface SupplyReading {
  readonly supply: string;
  readonly inputWatts: number | undefined;
  readonly outputWatts: number | undefined;
  readonly capacityWatts: number | undefined;
  /** Undefined where the management controller does not judge. */
  readonly isUp: boolean | undefined;
}

/** What the sensors of one server told at one time. */
export interface SensorReading {
  /** Unix seconds. */
  readonly takenAt: number;
  readonly durationSeconds: number;
  readonly powerState: PowerState | undefined;
  readonly powerWatts: number | undefined;
  readonly energyJoules: number | undefined;
  readonly temperatures: readonly TemperatureReading[];
  readonly fans: readonly FanReading[];
  readonly voltages: readonly VoltageReading[];
  readonly supplies: readonly SupplyReading[];
  readonly leaks: readonly LeakReading[];
  readonly healths: readonly PartHealth[];
  readonly problems: readonly Problem[];
}

export interface Firmware {
  readonly component: string;
  readonly version: string;
}

/** What the inventory of one server tells beside its items. */
export interface PartsReading {
  readonly takenAt: number;
  readonly vendor: string | undefined;
  readonly model: string | undefined;
  readonly firmware: readonly Firmware[];
  readonly healths: readonly PartHealth[];
}

export interface LogEntry {
  readonly log: string;
  readonly id: string;
  /** Unix seconds by the clock of the management controller; undefined where it does not tell. */
  readonly createdAt: number | undefined;
  readonly severity: Health;
  readonly message: string;
}

export interface LogReading {
  readonly takenAt: number;
  /** Names of all logs, also of empty ones. */
  readonly logs: readonly string[];
  /** The newest first. */
  readonly entries: readonly LogEntry[];
}

export interface ActionCount {
  readonly action: string;
  readonly outcome: string;
  readonly count: number;
}

/** All that is known of the hardware of one node now. What is too old is left out. */
export interface HardwareStatus {
  readonly node: string;
  /** Address of the management controller. */
  readonly bmc: string;
  /** Undefined until it was asked. */
  readonly isUp: boolean | undefined;
  /** Why it is not up. */
  readonly failure: string | undefined;
  readonly failures: Readonly<Partial<Record<FailureKind, number>>>;
  readonly sensors: SensorReading | undefined;
  readonly parts: PartsReading | undefined;
  readonly log: LogReading | undefined;
  readonly actions: readonly ActionCount[];
  readonly maxSensors: number;
}
