import { numberOf, partsOf, type Resource, textOf } from './resource.ts';
import { isMeasuring, type SensorDraft } from './sensor-draft.ts';

/** Thermal, as controllers have told it since the first Redfish. */
export function takeThermal(draft: SensorDraft, thermal: Resource, place: string): void {
  for (const sensor of partsOf(thermal, 'Temperatures').filter(isMeasuring)) takeTemperature(draft, sensor, place);
  for (const fan of partsOf(thermal, 'Fans').filter(isMeasuring)) takeFan(draft, fan, place);
}

function takeTemperature(draft: SensorDraft, sensor: Resource, place: string): void {
  const given = textOf(sensor, 'Name', 'MemberId');
  const value = numberOf(sensor, 'ReadingCelsius');
  if (given === undefined) return;
  const name = draft.nameOf('temperature', given, place);
  draft.judge('temperature', name, sensor);
  const celsius = draft.sane('celsius', name, value);
  if (celsius === undefined) return;
  const critical = numberOf(sensor, 'UpperThresholdCritical', 'UpperThresholdFatal');
  draft.temperatures.push({ sensor: name, celsius, criticalCelsius: criticalOf(critical) });
}

/** Where nobody set one, firmware says 0 or 255. */
export function criticalOf(celsius: number | undefined): number | undefined {
  return celsius !== undefined && celsius > 0 && celsius < 200 ? celsius : undefined;
}

function takeFan(draft: SensorDraft, fan: Resource, place: string): void {
  // Up to version 1.1 the name was FanName, and the unit was told by the name of the reading.
  const given = textOf(fan, 'Name', 'FanName', 'MemberId');
  if (given === undefined) return;
  const name = draft.nameOf('fan', given, place);
  draft.judge('fan', name, fan);
  const isPercent = textOf(fan, 'ReadingUnits')?.toLowerCase() === 'percent';
  const value = numberOf(fan, 'Reading', 'ReadingRPM');
  const rpm = isPercent ? undefined : draft.sane('rpm', name, value);
  const percent = isPercent ? draft.sane('percent', name, value) : undefined;
  if (rpm === undefined && percent === undefined) return;
  draft.fans.push({ sensor: name, rpm, ratio: ratioOf(percent) });
}

export function ratioOf(percent: number | undefined): number | undefined {
  return percent === undefined ? undefined : Math.min(percent / 100, 1);
}
