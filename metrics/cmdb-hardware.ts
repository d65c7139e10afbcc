import { defineMetrics } from './define.ts';

const sensor = ['node', 'sensor'] as const;
const supply = ['node', 'power_supply'] as const;

/** What management controllers tell about servers, whether or not an operating system runs on them. */
export const cmdbHardware = defineMetrics('cmdb-hardware', {
  cmdb_bmc_up: {
    kind: 'gauge',
    unit: 'none',
    help: '1 if the management controller of the node answered when it was asked last.',
    labels: ['node'],
  },
  cmdb_bmc_info: {
    kind: 'info',
    unit: 'none',
    help: 'The management controller of the node, its address and what it says the server is: 1.',
    labels: ['node', 'bmc', 'vendor', 'model'],
  },
  cmdb_bmc_failures_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Times that the management controller could not be read, by reason: unreachable, timeout, certificate, credentials (wrong, or the account is locked), status (it answered with an error), content (what it answered is no Redfish).',
    labels: ['node', 'reason'],
  },
  cmdb_bmc_scrape_duration_seconds: {
    kind: 'gauge',
    unit: 'seconds',
    help: 'How long the management controller took to tell its sensors when it was read last.',
    labels: ['node'],
  },
  cmdb_bmc_last_reading_timestamp_seconds: {
    kind: 'gauge',
    unit: 'seconds',
    help: 'When the sensors of the node were read last.',
    labels: ['node'],
  },
  cmdb_bmc_problems: {
    kind: 'gauge',
    unit: 'none',
    help: 'What the management controller told that makes no sense, such as a temperature of 6000 degrees, and was left out.',
    labels: ['node'],
  },
  cmdb_bmc_dropped_sensors: {
    kind: 'gauge',
    unit: 'none',
    help: 'Sensors, parts, logs and firmware of the node that have no series because there are more than the bound for one management controller.',
    labels: ['node'],
  },
  cmdb_bmc_power_state: {
    kind: 'gauge',
    unit: 'none',
    help: 'Whether the server has power: on, off, powering_on, powering_off, paused.',
    labels: ['node', 'state'],
  },
  cmdb_bmc_health: {
    kind: 'gauge',
    unit: 'none',
    help: 'Worst state of all parts of a kind, as the management controller judges it: ok, warning, critical. Kinds: system, chassis, bmc, processor, memory, gpu, storage, nic, fan, power_supply, temperature, voltage, leak.',
    labels: ['node', 'component', 'state'],
  },
  cmdb_bmc_unhealthy_part: {
    kind: 'gauge',
    unit: 'none',
    help: '1 for each part that the management controller calls warning or critical; absent for all that are well.',
    labels: ['node', 'component', 'part', 'state'],
  },
  cmdb_bmc_temperature_celsius: {
    kind: 'gauge',
    unit: 'celsius',
    help: 'Temperature of a sensor of the server.',
    labels: sensor,
  },
  cmdb_bmc_temperature_critical_celsius: {
    kind: 'gauge',
    unit: 'celsius',
    help: 'Temperature from which on the management controller calls the sensor critical.',
    labels: sensor,
  },
  cmdb_bmc_fan_speed_rpm: {
    kind: 'gauge',
    unit: 'none',
    help: 'Turns of a fan in a minute.',
    labels: sensor,
  },
  cmdb_bmc_fan_speed_ratio: {
    kind: 'gauge',
    unit: 'ratio',
    help: 'Speed of a fan as a share of its highest, where the management controller tells it so.',
    labels: sensor,
  },
  cmdb_bmc_voltage_volts: {
    kind: 'gauge',
    unit: 'none',
    help: 'Voltage of a sensor of the server, in volts.',
    labels: sensor,
  },
  cmdb_bmc_leak_detected: {
    kind: 'gauge',
    unit: 'none',
    help: '1 while a detector of leaking coolant calls warning or critical.',
    labels: sensor,
  },
  cmdb_bmc_power_watts: {
    kind: 'gauge',
    unit: 'watts',
    help: 'What the whole server draws.',
    labels: ['node'],
  },
  cmdb_bmc_energy_joules_total: {
    kind: 'counter',
    unit: 'joules',
    help: 'Energy that the server has used, as its management controller counts it.',
    labels: ['node'],
  },
  cmdb_bmc_power_supply_input_watts: {
    kind: 'gauge',
    unit: 'watts',
    help: 'What a power supply draws from the wall.',
    labels: supply,
  },
  cmdb_bmc_power_supply_output_watts: {
    kind: 'gauge',
    unit: 'watts',
    help: 'What a power supply gives to the server.',
    labels: supply,
  },
  cmdb_bmc_power_supply_capacity_watts: {
    kind: 'gauge',
    unit: 'watts',
    help: 'What a power supply can give at most.',
    labels: supply,
  },
  cmdb_bmc_power_supply_up: {
    kind: 'gauge',
    unit: 'none',
    help: '1 if a power supply has input and is well, 0 if not; absent for empty slots.',
    labels: supply,
  },
  cmdb_bmc_firmware_info: {
    kind: 'info',
    unit: 'none',
    help: 'A firmware of the server and the version that is in use: 1.',
    labels: ['node', 'component', 'version'],
  },
  cmdb_bmc_log_entries: {
    kind: 'gauge',
    unit: 'none',
    help: 'Newest entries of a hardware log that were read, by severity: ok, warning, critical.',
    labels: ['node', 'log', 'severity'],
  },
  cmdb_bmc_log_newest_timestamp_seconds: {
    kind: 'gauge',
    unit: 'seconds',
    help: 'When the newest entry of a severity was written into a hardware log, by the clock of the management controller.',
    labels: ['node', 'log', 'severity'],
  },
  cmdb_bmc_actions_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Power and virtual-media actions that were carried out, by outcome: done, failed, timeout (accepted, but the state that was asked for did not come).',
    labels: ['node', 'action', 'outcome'],
  },
});
