import { cmdbHardware as hardware } from '../../metrics/cmdb-hardware.ts';
import type { Expr, PlainMetric } from '../../metrics/promql.ts';
import { promql, select, series } from '../../metrics/promql.ts';
import { defineAlerts } from '../alert.ts';
import { exampleCmdbTarget, exampleNode } from '../examples.ts';
import { thresholds } from '../thresholds.ts';
import { perNode, recent } from '../vectors.ts';

const onNode = { ...exampleCmdbTarget, node: 'n1' } as const;
const powered = promql`${perNode(recent(select(hardware.cmdb_bmc_power_state, { state: 'on' })))} == 1`;
const isOn = [series(hardware.cmdb_bmc_power_state, { ...onNode, state: 'on' }), '1x40'] as const;
const isOff = [series(hardware.cmdb_bmc_power_state, { ...onNode, state: 'on' }), '0x40'] as const;

function perSensor(vector: PlainMetric | Expr): Expr {
  return promql`max by (cluster, node, sensor) (${vector})`;
}

const temperature = perSensor(recent(hardware.cmdb_bmc_temperature_celsius));
const critical = perSensor(recent(hardware.cmdb_bmc_temperature_critical_celsius));

const askBmc =
  'What the management controller says: its web page, or `ipmitool -H <bmc> -U <user> -f <file> sdr elist` and `sel elist`.';
const callMaker =
  'Open a case with the maker, with serial number and log; `fleetlens cmdb show <node>` has the serial number.';

/** What management controllers tell, whether or not the operating system of the server runs. */
export default defineAlerts({
  theme: 'hardware',
  alerts: [
    {
      name: 'BmcUnreachable',
      expr: promql`${perNode(recent(hardware.cmdb_bmc_up))} == 0`,
      for: '15m',
      severity: 'warning',
      action: 'investigate',
      domain: 'cmdb',
      team: 'sre',
      summary: 'The management controller of a node does not answer.',
      description:
        'The management controller of {{ $labels.node }} in {{ $labels.cluster }} does not answer. Fans, power supplies and temperatures of the node are not watched, and it cannot be power-cycled from afar.',
      runbook: {
        meaning:
          'The node itself may be well. Management controllers hang now and then, lose their certificate or lock the account.',
        firstLook: [
          'Why: `increase(cmdb_bmc_failures_total{node="<node>"}[1h])`, by reason.',
          'Does it answer at all: `curl -sk https://<bmc>/redfish/v1/`, and `ping <bmc>`.',
        ],
        remedy: [
          'It hangs: reset it from the node with `ipmitool mc reset cold`; the server goes on meanwhile.',
          'credentials: renew the password in the file; wait until the account is unlocked.',
          'certificate: see that it is the right machine, then pin the new fingerprint.',
          'Many of one rack: look at the management switch.',
        ],
      },
      fires: {
        when: 'A management controller hangs for 20 minutes',
        series: [[series(hardware.cmdb_bmc_up, onNode), '1x5 0x25']],
        at: '25m',
        alerts: [exampleNode],
      },
      quiet: {
        when: 'It restarts after an update',
        series: [[series(hardware.cmdb_bmc_up, onNode), '1x5 0x8 1x15']],
        at: '25m',
      },
    },
    {
      name: 'HardwareTemperatureCritical',
      expr: promql`${temperature} >= ${critical}
or
(${temperature} > ${thresholds.bmcTemperatureCriticalFallbackCelsius} unless ${critical})`,
      thresholds: ['bmcTemperatureCriticalFallbackCelsius'],
      for: '2m',
      keepFiringFor: '5m',
      severity: 'critical',
      action: 'drain',
      domain: 'cmdb',
      team: 'sre',
      summary: 'A part of a node is critically hot.',
      description:
        'The sensor {{ $labels.sensor }} of {{ $labels.node }} in {{ $labels.cluster }} is at {{ $value | humanize }} °C, which is critical. Take the load off the node and look at its fans and inlet.',
      runbook: {
        meaning: 'The server will slow down or switch itself off to save its parts.',
        firstLook: [
          askBmc,
          'Fans of the node, and inlet temperatures of its neighbours in the rack: the board Inventory and drift.',
        ],
        remedy: [
          'One node: failed fan, blocked inlet, or a cover that is off.',
          'Many nodes of a rack or room: cooling of the room. Take load off before machines switch themselves off.',
        ],
      },
      fires: {
        when: 'An inlet is at its own limit, and a sensor without a limit is above the usual one',
        series: [
          [series(hardware.cmdb_bmc_temperature_celsius, { ...onNode, sensor: 'Inlet' }), '25x5 47x10'],
          [series(hardware.cmdb_bmc_temperature_critical_celsius, { ...onNode, sensor: 'Inlet' }), '47x20'],
          [series(hardware.cmdb_bmc_temperature_celsius, { ...onNode, sensor: 'VRM' }), '90x20'],
        ],
        at: '12m',
        alerts: [
          { ...exampleNode, sensor: 'Inlet' },
          { ...exampleNode, sensor: 'VRM' },
        ],
      },
      quiet: {
        when: 'A processor that may be hotter than the usual limit, and a sensor without a limit just at the usual one',
        series: [
          [series(hardware.cmdb_bmc_temperature_celsius, { ...onNode, sensor: 'VRM' }), '85x20'],
          [series(hardware.cmdb_bmc_temperature_celsius, { ...onNode, sensor: 'CPU-1' }), '92x20'],
          [series(hardware.cmdb_bmc_temperature_critical_celsius, { ...onNode, sensor: 'CPU-1' }), '105x20'],
        ],
        at: '12m',
      },
    },
    {
      name: 'FanFailed',
      expr: promql`(${perSensor(recent(hardware.cmdb_bmc_fan_speed_rpm))} == 0 or ${perSensor(recent(hardware.cmdb_bmc_fan_speed_ratio))} == 0)
and on (cluster, node)
${powered}`,
      for: '5m',
      severity: 'warning',
      action: 'contact_support',
      domain: 'cmdb',
      team: 'sre',
      summary: 'A fan of a running node stands still.',
      description:
        'The fan {{ $labels.sensor }} of {{ $labels.node }} in {{ $labels.cluster }} stands still. Have it exchanged before a second one fails.',
      runbook: {
        meaning: 'The other fans turn faster and hold the temperature for a while, at full load perhaps not.',
        firstLook: [askBmc, 'Temperatures of the node: the board Inventory and drift.'],
        remedy: [callMaker, 'Temperatures rise: drain the node until the fan is exchanged.'],
      },
      fires: {
        when: 'One of two fans stops, and one of two that tell their speed as a share',
        series: [
          isOn,
          [series(hardware.cmdb_bmc_fan_speed_ratio, { ...onNode, sensor: 'Fan-3' }), '1x5 0x20'],
          [series(hardware.cmdb_bmc_fan_speed_ratio, { ...onNode, sensor: 'Fan-4' }), '1x25'],
          [series(hardware.cmdb_bmc_fan_speed_rpm, { ...onNode, sensor: 'Fan-1' }), '9000x5 0x20'],
          [series(hardware.cmdb_bmc_fan_speed_rpm, { ...onNode, sensor: 'Fan-2' }), '9000x25'],
        ],
        at: '15m',
        alerts: [
          { ...exampleNode, sensor: 'Fan-1' },
          { ...exampleNode, sensor: 'Fan-3' },
        ],
      },
      quiet: {
        when: 'Fans of a server that is switched off',
        series: [isOff, [series(hardware.cmdb_bmc_fan_speed_rpm, { ...onNode, sensor: 'Fan-1' }), '0x25']],
        at: '15m',
      },
    },
    {
      name: 'PowerSupplyFailed',
      expr: promql`max by (cluster, node, power_supply) (${recent(hardware.cmdb_bmc_power_supply_up)}) == 0
and on (cluster, node)
${powered}`,
      for: '5m',
      severity: 'warning',
      action: 'contact_support',
      domain: 'cmdb',
      team: 'sre',
      summary: 'A power supply of a running node has failed, so its redundancy is lost.',
      description:
        'The power supply {{ $labels.power_supply }} of {{ $labels.node }} in {{ $labels.cluster }} is not well or has no input. The node runs on the others; one more failure stops it.',
      runbook: {
        meaning: 'The power supply is broken, pulled, or the feed behind it is off.',
        firstLook: [
          askBmc,
          'Do others on the same feed fail too: the impact of the power feed, `fleetlens cmdb impact <feed>`.',
        ],
        remedy: [
          'Several on one feed: it is the feed or the PDU, call the data centre.',
          `Only one: reseat it and its cable. ${callMaker}`,
        ],
      },
      fires: {
        when: 'One of two power supplies loses its input',
        series: [
          isOn,
          [series(hardware.cmdb_bmc_power_supply_up, { ...onNode, power_supply: 'PSU-1' }), '1x5 0x20'],
          [series(hardware.cmdb_bmc_power_supply_up, { ...onNode, power_supply: 'PSU-2' }), '1x25'],
        ],
        at: '15m',
        alerts: [{ ...exampleNode, power_supply: 'PSU-1' }],
      },
      quiet: {
        when: 'A server that was taken off its feeds',
        series: [isOff, [series(hardware.cmdb_bmc_power_supply_up, { ...onNode, power_supply: 'PSU-1' }), '0x25']],
        at: '15m',
      },
    },
    {
      name: 'HardwareHealthCritical',
      expr: promql`max by (cluster, node, component) (${recent(
        select(hardware.cmdb_bmc_health, {
          state: 'critical',
          component: { notRe: 'fan|power_supply|temperature|leak' },
        }),
      )}) == 1`,
      for: '5m',
      severity: 'critical',
      action: 'contact_support',
      domain: 'cmdb',
      team: 'sre',
      summary: 'The management controller of a node calls a part of it critical.',
      description:
        'The management controller of {{ $labels.node }} in {{ $labels.cluster }} calls its {{ $labels.component }} critical. Its log says which part and why.',
      runbook: {
        meaning:
          'A part has failed or is about to, by the judgement of the maker. Fans, power supplies, temperatures and leaks have alerts of their own.',
        firstLook: ['Which part: `cmdb_bmc_unhealthy_part{node="<node>"}`.', askBmc],
        remedy: ['Drain the node before the part takes jobs with it.', callMaker],
      },
      fires: {
        when: 'A memory module is called critical',
        series: [[series(hardware.cmdb_bmc_health, { ...onNode, component: 'memory', state: 'critical' }), '0x3 1x20']],
        at: '15m',
        alerts: [{ ...exampleNode, component: 'memory' }],
      },
      quiet: {
        when: 'A fan is critical, which is told as such, and a disk only warns',
        series: [
          [series(hardware.cmdb_bmc_health, { ...onNode, component: 'fan', state: 'critical' }), '1x20'],
          [series(hardware.cmdb_bmc_health, { ...onNode, component: 'storage', state: 'warning' }), '1x20'],
        ],
        at: '15m',
      },
    },
    {
      name: 'BmcLogCritical',
      expr: promql`abs(time() - max by (cluster, node, log) (${recent(select(hardware.cmdb_bmc_log_newest_timestamp_seconds, { severity: 'critical' }))})) < ${thresholds.bmcLogNewSeconds}`,
      thresholds: ['bmcLogNewSeconds'],
      for: '0s',
      severity: 'warning',
      action: 'investigate',
      domain: 'cmdb',
      team: 'sre',
      summary: 'A critical entry was written into the hardware log of a node.',
      description:
        'The hardware log {{ $labels.log }} of {{ $labels.node }} in {{ $labels.cluster }} has a critical entry that is {{ $value | humanizeDuration }} old. Read it and look for the part that it names.',
      runbook: {
        meaning: 'The management controller noted something severe, such as a machine check or a part that failed.',
        firstLook: [askBmc, 'Other entries around the same time, and alerts about the GPUs of the node.'],
        remedy: [
          'A part is named: have it exchanged.',
          'Clear the log after it was read and kept, so that the next entry stands out.',
        ],
      },
      fires: {
        when: 'An entry was written nearly an hour ago',
        series: [
          [
            series(hardware.cmdb_bmc_log_newest_timestamp_seconds, { ...onNode, log: 'sel', severity: 'critical' }),
            '-2900x20',
          ],
        ],
        at: '10m',
        alerts: [{ ...exampleNode, log: 'sel' }],
      },
      quiet: {
        when: 'An entry a little older than an hour, and a new one that only warns',
        series: [
          [
            series(hardware.cmdb_bmc_log_newest_timestamp_seconds, { ...onNode, log: 'sel', severity: 'critical' }),
            '-3100x20',
          ],
          [
            series(hardware.cmdb_bmc_log_newest_timestamp_seconds, { ...onNode, log: 'sel', severity: 'warning' }),
            '0x20',
          ],
        ],
        at: '10m',
      },
    },
    {
      name: 'CoolantLeak',
      expr: promql`${perSensor(recent(hardware.cmdb_bmc_leak_detected))} == 1`,
      for: '0s',
      keepFiringFor: '15m',
      severity: 'critical',
      action: 'drain',
      domain: 'cmdb',
      team: 'sre',
      summary: 'Coolant leaks in a node.',
      description:
        'The detector {{ $labels.sensor }} of {{ $labels.node }} in {{ $labels.cluster }} reports a leak. Stop the work on the node and have somebody go there now.',
      runbook: {
        meaning: 'Liquid in a server destroys it and what is below it in the rack.',
        firstLook: ['Which other nodes of the rack report one: `cmdb_bmc_leak_detected == 1`.', askBmc],
        remedy: [
          'Power the node off, close its valves, and look at the rack from below upwards.',
          'A detector that errs: have it dried and reset by the maker; silence it for that long only.',
        ],
      },
      fires: {
        when: 'A detector reports a leak for a minute',
        series: [[series(hardware.cmdb_bmc_leak_detected, { ...onNode, sensor: 'Leak-1' }), '0x5 1 0x5']],
        at: '8m',
        alerts: [{ ...exampleNode, sensor: 'Leak-1' }],
      },
      quiet: {
        when: 'A dry detector',
        series: [[series(hardware.cmdb_bmc_leak_detected, { ...onNode, sensor: 'Leak-1' }), '0x10']],
        at: '8m',
      },
    },
  ],
});
