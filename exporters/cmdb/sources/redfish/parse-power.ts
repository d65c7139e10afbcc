import type { Health } from '../../hardware/hardware-reading.ts';
import { healthOf, isPresent, numberOf, partOf, partsOf, type Resource, textOf } from './resource.ts';
import { isMeasuring, type SensorDraft } from './sensor-draft.ts';

/** Power, as controllers have told it since the first Redfish. Only the enclosure of the server tells of the whole. */
export function takePower(draft: SensorDraft, power: Resource, place: string, isMain: boolean): void {
  if (isMain) takeTotal(draft, power);
  for (const supply of partsOf(power, 'PowerSupplies')) takeSupply(draft, supply, {}, place);
  for (const sensor of partsOf(power, 'Voltages').filter(isMeasuring)) takeVoltage(draft, sensor, place);
}

function takeTotal(draft: SensorDraft, power: Resource): void {
  const [total = {}] = partsOf(power, 'PowerControl');
  draft.powerWatts ??= draft.sane('watts', 'PowerConsumedWatts', numberOf(total, 'PowerConsumedWatts'));
}

/** `metrics` is the resource apart in which newer controllers tell the readings. */
export function takeSupply(draft: SensorDraft, supply: Resource, metrics: Resource, place: string): void {
  const given = textOf(supply, 'Name', 'MemberId', 'Id');
  if (given === undefined || !isPresent(supply)) return;
  const name = draft.nameOf('power_supply', given, place);
  draft.judge('power_supply', name, supply);
  const watts = (...values: readonly (number | undefined)[]): number | undefined =>
    draft.sane(
      'watts',
      name,
      values.find((value) => value !== undefined),
    );
  draft.supplies.push({
    supply: name,
    inputWatts: watts(numberOf(supply, 'PowerInputWatts'), numberOf(partOf(metrics, 'InputPowerWatts'), 'Reading')),
    outputWatts: watts(
      numberOf(supply, 'PowerOutputWatts', 'LastPowerOutputWatts'),
      numberOf(partOf(metrics, 'OutputPowerWatts'), 'Reading'),
    ),
    capacityWatts: watts(numberOf(supply, 'PowerCapacityWatts')),
    isUp: isSupplyUp(textOf(partOf(supply, 'Status'), 'State'), healthOf(supply), textOf(supply, 'LineInputStatus')),
  });
}

function isSupplyUp(
  state: string | undefined,
  health: Health | undefined,
  line: string | undefined,
): boolean | undefined {
  if (line !== undefined && /loss|outofrange/i.test(line)) return false;
  if (state !== undefined && /^(Disabled|UnavailableOffline)$/.test(state)) return false;
  return health === undefined ? undefined : health !== 'critical';
}

function takeVoltage(draft: SensorDraft, sensor: Resource, place: string): void {
  const given = textOf(sensor, 'Name', 'MemberId');
  if (given === undefined) return;
  const name = draft.nameOf('voltage', given, place);
  draft.judge('voltage', name, sensor);
  const volts = draft.sane('volts', name, numberOf(sensor, 'ReadingVolts'));
  if (volts !== undefined) draft.voltages.push({ sensor: name, volts });
}
