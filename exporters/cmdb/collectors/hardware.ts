import type { Collector, CollectorOutput } from '../../../kit/collector.ts';
import type { cmdbHardware } from '../../../metrics/cmdb-hardware.ts';
import {
  type ComponentKind,
  type HardwareStatus,
  type Health,
  healths,
  type LogReading,
  type PartHealth,
  type PartsReading,
  powerStates,
  type SensorReading,
} from '../hardware/hardware-reading.ts';

type Output = CollectorOutput<typeof cmdbHardware>;
type Emit = Output['emit'];

/** Gives each name once, and no more names than the bound. */
interface NameBound {
  readonly admit: <T>(readings: readonly T[], nameOf: (reading: T) => string) => readonly T[];
  readonly dropped: () => number;
}

const maxNameCharacters = 100;
const maxLogs = 8;
const maxFirmware = 100;
const maxUnhealthy = 20;

/** Everything that management controllers told last, one node after the other. A dead one is told by its own series alone. */
export const hardwareCollector: Collector<readonly HardwareStatus[], typeof cmdbHardware> = {
  name: 'hardware',
  collect: (statuses, { emit }) => {
    const nodes = new Set<string>();
    for (const status of statuses) {
      // Two sources may name one node; the same series twice would cost the whole scrape.
      const node = nodes.has(status.node) ? status.bmc : status.node;
      if (nodes.has(node)) continue;
      nodes.add(node);
      emitStatus({ ...status, node }, emit);
    }
  },
};

function emitStatus(status: HardwareStatus, emit: Emit): void {
  const { node, sensors, parts, log } = status;
  const bound = createNameBound(status.maxSensors);
  emitController(status, emit);
  if (sensors !== undefined) emitSensors(node, sensors, bound, emit);
  const unhealthy = emitHealth(node, [...(sensors?.healths ?? []), ...(parts?.healths ?? [])], emit);
  const firmware = parts === undefined ? 0 : emitFirmware(node, parts, emit);
  const logs = log === undefined ? 0 : emitLog(node, log, emit);
  if (sensors !== undefined || parts !== undefined)
    emit('cmdb_bmc_dropped_sensors', { node }, bound.dropped() + unhealthy + firmware + logs);
}

function emitController({ node, bmc, isUp, parts, failures, actions }: HardwareStatus, emit: Emit): void {
  emit('cmdb_bmc_up', { node }, isUp === undefined ? undefined : Number(isUp));
  if (parts !== undefined)
    emit('cmdb_bmc_info', { node, bmc, vendor: parts.vendor ?? '', model: parts.model ?? '' }, 1);
  for (const [reason, count] of Object.entries(failures)) emit('cmdb_bmc_failures_total', { node, reason }, count);
  for (const { action, outcome, count } of actions) emit('cmdb_bmc_actions_total', { node, action, outcome }, count);
}

function emitSensors(node: string, sensors: SensorReading, bound: NameBound, emit: Emit): void {
  emit('cmdb_bmc_scrape_duration_seconds', { node }, sensors.durationSeconds);
  emit('cmdb_bmc_last_reading_timestamp_seconds', { node }, sensors.takenAt);
  emit('cmdb_bmc_problems', { node }, sensors.problems.length);
  emit('cmdb_bmc_power_watts', { node }, sensors.powerWatts);
  emit('cmdb_bmc_energy_joules_total', { node }, sensors.energyJoules);
  if (sensors.powerState !== undefined)
    for (const state of powerStates)
      emit('cmdb_bmc_power_state', { node, state }, Number(state === sensors.powerState));
  for (const each of bound.admit(sensors.temperatures, nameOfSensor)) {
    const labels = { node, sensor: shown(each.sensor) };
    emit('cmdb_bmc_temperature_celsius', labels, each.celsius);
    emit('cmdb_bmc_temperature_critical_celsius', labels, each.criticalCelsius);
  }
  for (const { sensor, rpm, ratio } of bound.admit(sensors.fans, nameOfSensor)) {
    const labels = { node, sensor: shown(sensor) };
    emit('cmdb_bmc_fan_speed_rpm', labels, rpm);
    emit('cmdb_bmc_fan_speed_ratio', labels, ratio);
  }
  for (const { sensor, volts } of bound.admit(sensors.voltages, nameOfSensor))
    emit('cmdb_bmc_voltage_volts', { node, sensor: shown(sensor) }, volts);
  for (const { sensor, isLeaking } of bound.admit(sensors.leaks, nameOfSensor))
    emit('cmdb_bmc_leak_detected', { node, sensor: shown(sensor) }, Number(isLeaking));
  for (const each of bound.admit(sensors.supplies, ({ supply }) => supply)) {
    const labels = { node, power_supply: shown(each.supply) };
    emit('cmdb_bmc_power_supply_input_watts', labels, each.inputWatts);
    emit('cmdb_bmc_power_supply_output_watts', labels, each.outputWatts);
    emit('cmdb_bmc_power_supply_capacity_watts', labels, each.capacityWatts);
    emit('cmdb_bmc_power_supply_up', labels, each.isUp === undefined ? undefined : Number(each.isUp));
  }
}

/** Returns how many parts were left out. */
function emitHealth(node: string, parts: readonly PartHealth[], emit: Emit): number {
  const worst = new Map<ComponentKind, Health>();
  for (const { component, health } of parts) {
    const before = worst.get(component);
    if (before === undefined || healths.indexOf(health) > healths.indexOf(before)) worst.set(component, health);
  }
  for (const [component, health] of worst)
    for (const state of healths) emit('cmdb_bmc_health', { node, component, state }, Number(state === health));
  const unhealthy = new Map(
    parts
      .filter(({ health }) => health !== 'ok')
      .map((each) => [JSON.stringify([each.component, shown(each.part)]), each] as const),
  );
  for (const { component, part, health } of [...unhealthy.values()].slice(0, maxUnhealthy))
    emit('cmdb_bmc_unhealthy_part', { node, component, part: shown(part), state: health }, 1);
  return Math.max(0, unhealthy.size - maxUnhealthy);
}

function emitFirmware(node: string, { firmware }: PartsReading, emit: Emit): number {
  const byName = new Map(firmware.map(({ component, version }) => [shown(component), shown(version)] as const));
  for (const [component, version] of [...byName].slice(0, maxFirmware))
    emit('cmdb_bmc_firmware_info', { node, component, version }, 1);
  return Math.max(0, byName.size - maxFirmware);
}

function emitLog(node: string, { logs, entries }: LogReading, emit: Emit): number {
  const names = [...new Set(logs.map(shown))];
  for (const log of names.slice(0, maxLogs)) {
    for (const severity of healths) {
      const labels = { node, log, severity };
      const own = entries.filter((entry) => shown(entry.log) === log && entry.severity === severity);
      emit('cmdb_bmc_log_entries', labels, own.length);
      const times = own.flatMap(({ createdAt }) => (createdAt === undefined ? [] : [createdAt]));
      emit('cmdb_bmc_log_newest_timestamp_seconds', labels, times.length === 0 ? undefined : Math.max(...times));
    }
  }
  return Math.max(0, names.length - maxLogs);
}

function nameOfSensor({ sensor }: { readonly sensor: string }): string {
  return sensor;
}

function shown(name: string): string {
  return name.length > maxNameCharacters ? name.slice(0, maxNameCharacters) : name;
}

function createNameBound(max: number): NameBound {
  let admitted = 0;
  let dropped = 0;
  return {
    admit: (readings, nameOf) => {
      const seen = new Set<string>();
      return readings.filter((reading) => {
        const name = shown(nameOf(reading));
        const isAdmitted = admitted < max && !seen.has(name);
        seen.add(name);
        if (isAdmitted) admitted++;
        else dropped++;
        return isAdmitted;
      });
    },
    dropped: () => dropped,
  };
}
