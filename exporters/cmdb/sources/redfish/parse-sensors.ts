import type { ComponentKind } from '../../hardware/hardware-reading.ts';
import { criticalOf, ratioOf } from './parse-thermal.ts';
import { numberOf, partOf, type Resource, severityOf, textOf } from './resource.ts';
import { isMeasuring, type SensorDraft } from './sensor-draft.ts';

const joulesPerKilowattHour = 3_600_000;

type TakeReading = (draft: SensorDraft, sensor: Resource, name: string, value: number | undefined) => void;

/** What is measured, by its type or, where a controller leaves that out, its unit. */
const takers: Readonly<Record<string, readonly [ComponentKind, TakeReading]>> = {
  temperature: ['temperature', takeTemperature],
  cel: ['temperature', takeTemperature],
  rotational: ['fan', takeFanSensor],
  rpm: ['fan', takeFanSensor],
  '{rev}/min': ['fan', takeFanSensor],
  voltage: ['voltage', takeVoltage],
  v: ['voltage', takeVoltage],
};

/** A sensor of the collection Sensors, which newer controllers have for every quantity. */
export function takeSensor(draft: SensorDraft, sensor: Resource, place: string): void {
  const given = textOf(sensor, 'Name', 'Id');
  const type = textOf(sensor, 'ReadingType', 'ReadingUnits')?.toLowerCase() ?? '';
  if (given === undefined || !isMeasuring(sensor) || !Object.hasOwn(takers, type)) return;
  const [kind, take] = takers[type] ?? [];
  if (kind !== undefined) take?.(draft, sensor, draft.nameOf(kind, given, place), numberOf(sensor, 'Reading'));
}

function takeTemperature(draft: SensorDraft, sensor: Resource, name: string, value: number | undefined): void {
  draft.judge('temperature', name, sensor);
  const celsius = draft.sane('celsius', name, value);
  if (celsius === undefined) return;
  const critical = numberOf(partOf(sensor, 'Thresholds', 'UpperCritical'), 'Reading');
  draft.temperatures.push({ sensor: name, celsius, criticalCelsius: criticalOf(critical) });
}

function takeFanSensor(draft: SensorDraft, sensor: Resource, name: string, value: number | undefined): void {
  draft.judge('fan', name, sensor);
  const rpm = draft.sane('rpm', name, value);
  if (rpm !== undefined) draft.fans.push({ sensor: name, rpm, ratio: undefined });
}

function takeVoltage(draft: SensorDraft, sensor: Resource, name: string, value: number | undefined): void {
  draft.judge('voltage', name, sensor);
  const volts = draft.sane('volts', name, value);
  if (volts !== undefined) draft.voltages.push({ sensor: name, volts });
}

/** A fan of ThermalSubsystem. */
export function takeSubsystemFan(draft: SensorDraft, fan: Resource, place: string): void {
  const given = textOf(fan, 'Name', 'Id');
  if (given === undefined || !isMeasuring(fan)) return;
  const name = draft.nameOf('fan', given, place);
  draft.judge('fan', name, fan);
  const speed = partOf(fan, 'SpeedPercent');
  const rpm = draft.sane('rpm', name, numberOf(speed, 'SpeedRPM'));
  const ratio = ratioOf(draft.sane('percent', name, numberOf(speed, 'Reading')));
  if (rpm !== undefined || ratio !== undefined) draft.fans.push({ sensor: name, rpm, ratio });
}

/** EnvironmentMetrics of the enclosure of the server: what the whole draws. */
export function takeEnvironment(draft: SensorDraft, environment: Resource): void {
  draft.powerWatts ??= draft.sane('watts', 'PowerWatts', numberOf(partOf(environment, 'PowerWatts'), 'Reading'));
  const energy = draft.sane('kilowattHours', 'EnergykWh', numberOf(partOf(environment, 'EnergykWh'), 'Reading'));
  if (energy !== undefined) draft.energyJoules ??= energy * joulesPerKilowattHour;
}

export function takeLeakDetector(draft: SensorDraft, detector: Resource, place: string): void {
  const given = textOf(detector, 'Name', 'Id');
  if (given === undefined || !isMeasuring(detector)) return;
  const name = draft.nameOf('leak', given, place);
  const state = severityOf(textOf(detector, 'DetectorState'));
  if (state === undefined) return;
  draft.leaks.push({ sensor: name, isLeaking: state !== 'ok' });
  draft.healths.push({ component: 'leak', part: name, health: state });
}
