import type { Clock } from '../../../../kit/clock.ts';
import type { SensorReading } from '../../hardware/hardware-reading.ts';
import type { ControllerLayout } from './controller-layout.ts';
import type { Look } from './look.ts';
import { takePower, takeSupply } from './parse-power.ts';
import { takeEnvironment, takeLeakDetector, takeSensor, takeSubsystemFan } from './parse-sensors.ts';
import { takeThermal } from './parse-thermal.ts';
import { idOf, linkOf, partOf, powerStateOf, type Resource, textOf } from './resource.ts';
import { createSensorDraft, type SensorDraft } from './sensor-draft.ts';

/**
 * Reads what changes from minute to minute. Where a controller has both the old resources and the new ones it is asked for the old ones: they
 * take one request where the new ones take one for each sensor.
 */
export async function readSensors(
  look: Look,
  { hosts: [host = {}], chassis, manager }: ControllerLayout,
  { now, monotonic }: Clock,
): Promise<SensorReading> {
  const started = monotonic();
  const draft = createSensorDraft((subject, reason) => look.problem(` ${subject}`, reason));
  const system = (await look.resource(idOf(host))) ?? {};
  judgeSystem(draft, system);
  if (manager !== undefined) draft.judge('bmc', nameOf(manager, 'BMC'), (await look.resource(idOf(manager))) ?? {});
  for (const [index, each] of chassis.entries()) await readChassis(look, draft, each, index === 0);
  draft.powerWatts ??= sumOfInputs(draft);
  return {
    takenAt: now(),
    durationSeconds: monotonic() - started,
    powerState: powerStateOf(system),
    powerWatts: draft.powerWatts,
    energyJoules: draft.energyJoules,
    temperatures: draft.temperatures,
    fans: draft.fans,
    voltages: draft.voltages,
    supplies: draft.supplies,
    leaks: draft.leaks,
    healths: draft.healths,
    problems: look.problems(),
  };
}

function judgeSystem(draft: SensorDraft, system: Resource): void {
  const key = textOf(partOf(system, 'Status'), 'HealthRollup') === undefined ? 'Health' : 'HealthRollup';
  draft.judge('system', nameOf(system, 'system'), system, key);
  draft.judge('processor', 'processors', partOf(system, 'ProcessorSummary'), rollupKeyOf(system, 'ProcessorSummary'));
  draft.judge('memory', 'memory', partOf(system, 'MemorySummary'), rollupKeyOf(system, 'MemorySummary'));
}

function rollupKeyOf(system: Resource, summary: string): 'Health' | 'HealthRollup' {
  return textOf(partOf(system, summary, 'Status'), 'HealthRollup') === undefined ? 'Health' : 'HealthRollup';
}

async function readChassis(look: Look, draft: SensorDraft, chassis: Resource, isMain: boolean): Promise<void> {
  const place = nameOf(chassis, 'chassis');
  draft.judge('chassis', place, chassis);
  const thermal = await look.resource(linkOf(chassis, 'Thermal'));
  if (thermal !== undefined) takeThermal(draft, thermal, place);
  const power = await look.resource(linkOf(chassis, 'Power'));
  if (power !== undefined) takePower(draft, power, place, isMain);
  if (thermal === undefined) await readThermalSubsystem(look, draft, chassis, place);
  if (power === undefined) await readPowerSubsystem(look, draft, chassis, place);
  if (isMain) takeEnvironment(draft, (await look.resource(linkOf(chassis, 'EnvironmentMetrics'))) ?? {});
  const subsystem = await look.resource(linkOf(chassis, 'ThermalSubsystem'));
  const leakage = await look.resource(linkOf(subsystem ?? {}, 'LeakDetection'));
  for (const detector of await look.members(linkOf(leakage ?? {}, 'LeakDetectors')))
    takeLeakDetector(draft, detector, place);
}

async function readThermalSubsystem(look: Look, draft: SensorDraft, chassis: Resource, place: string): Promise<void> {
  const subsystem = await look.resource(linkOf(chassis, 'ThermalSubsystem'));
  for (const fan of await look.members(linkOf(subsystem ?? {}, 'Fans'))) takeSubsystemFan(draft, fan, place);
  const hasFans = draft.fans.length > 0;
  for (const sensor of await look.members(linkOf(chassis, 'Sensors'))) {
    // The same fan stands among the sensors once more.
    const isFan = /^(rotational|rpm)$/i.test(textOf(sensor, 'ReadingType', 'ReadingUnits') ?? '');
    if (!isFan || !hasFans) takeSensor(draft, sensor, place);
  }
}

async function readPowerSubsystem(look: Look, draft: SensorDraft, chassis: Resource, place: string): Promise<void> {
  const subsystem = await look.resource(linkOf(chassis, 'PowerSubsystem'));
  for (const supply of await look.members(linkOf(subsystem ?? {}, 'PowerSupplies')))
    takeSupply(draft, supply, (await look.resource(linkOf(supply, 'Metrics'))) ?? {}, place);
}

function sumOfInputs({ supplies }: SensorDraft): number | undefined {
  const inputs = supplies.flatMap(({ inputWatts }) => inputWatts ?? []);
  return inputs.length === 0 ? undefined : inputs.reduce((sum, watts) => sum + watts, 0);
}

function nameOf(resource: Resource, otherwise: string): string {
  return textOf(resource, 'Id', 'Name') ?? otherwise;
}
