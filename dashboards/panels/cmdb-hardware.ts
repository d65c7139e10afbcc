import { cmdbHardware as hardware } from '../../metrics/cmdb-hardware.ts';
import { type Expr, promql, select } from '../../metrics/promql.ts';
import { definePanels } from '../panel.ts';
import { heat, noneIsBetter, noneIsGood, ofChosenNodes, orZero } from './scope.ts';

const noBmc = 'No management controller';
const reachable = ofChosenNodes(promql`max by (node) (${hardware.cmdb_bmc_up})`);
const supplies = ofChosenNodes(promql`max by (node, power_supply) (${hardware.cmdb_bmc_power_supply_up})`);
const power = ofChosenNodes(promql`max by (node) (${hardware.cmdb_bmc_power_watts})`);
const temperatures = ofChosenNodes(promql`max by (node, sensor) (${hardware.cmdb_bmc_temperature_celsius})`);
const fans = ofChosenNodes(promql`max by (node, sensor) (${hardware.cmdb_bmc_fan_speed_rpm})`);

function failing(found: Expr): Expr {
  return orZero(found, reachable);
}

/** What management controllers tell about the chosen servers. */
export const cmdbHardwarePanels = definePanels('cmdb-hardware', {
  unreachable: {
    visual: 'stat',
    metric: hardware.cmdb_bmc_up,
    title: 'BMCs not answering',
    unit: 'count',
    queries: [{ expr: failing(promql`count(${reachable} == 0)`), legend: 'not answering' }],
    levels: noneIsBetter,
    noValue: noBmc,
  },
  suppliesFailed: {
    visual: 'stat',
    metric: hardware.cmdb_bmc_power_supply_up,
    title: 'Power supplies failed',
    unit: 'count',
    queries: [{ expr: failing(promql`count(${supplies} == 0)`), legend: 'failed' }],
    levels: noneIsGood,
    noValue: noBmc,
  },
  fansStopped: {
    visual: 'stat',
    metric: hardware.cmdb_bmc_fan_speed_rpm,
    title: 'Fans standing still',
    description: 'How many fans stand still? Fans at no turns, those of servers that are switched off among them.',
    unit: 'count',
    queries: [{ expr: failing(promql`count(${fans} == 0)`), legend: 'standing still' }],
    levels: noneIsBetter,
    noValue: noBmc,
  },
  power: {
    visual: 'timeseries',
    metric: hardware.cmdb_bmc_power_watts,
    title: 'How much do the servers draw?',
    description: 'All chosen servers together, as their management controllers measure it.',
    queries: [{ expr: promql`sum(${power})`, legend: 'servers' }],
    noValue: noBmc,
  },
  hottest: {
    visual: 'bars',
    metric: hardware.cmdb_bmc_temperature_celsius,
    title: 'Which sensors are hottest?',
    description: 'The ten highest temperatures of the chosen servers.',
    queries: [{ expr: promql`topk(10, ${temperatures})`, legend: '{{node}} · {{sensor}}' }],
    levels: heat,
    noValue: noBmc,
  },
  unhealthy: {
    visual: 'table',
    metric: hardware.cmdb_bmc_unhealthy_part,
    title: 'Which parts are not well?',
    description: 'Parts that a management controller calls warning or critical; at most 200.',
    keys: [
      ['state', 'State'],
      ['component', 'Component'],
      ['part', 'Part'],
      ['node', 'Node'],
    ],
    columns: [
      {
        heading: 'Parts',
        unit: 'count',
        expr: promql`topk(200, ${ofChosenNodes(promql`max by (node, component, part, state) (${hardware.cmdb_bmc_unhealthy_part})`)})`,
      },
    ],
    noValue: 'All parts are well',
  },
  failures: {
    visual: 'timeseries',
    metric: hardware.cmdb_bmc_failures_total,
    title: 'Why could management controllers not be read?',
    unit: 'count',
    queries: [
      {
        expr: promql`sum by (reason) (increase(${hardware.cmdb_bmc_failures_total}[$__rate_interval])) > 0`,
        legend: '{{reason}}',
      },
    ],
    draw: 'bars',
    stacked: true,
    decimals: 0,
    noValue: 'No failures',
  },
  powerStates: {
    visual: 'stat',
    metric: hardware.cmdb_bmc_power_state,
    title: 'Servers with power',
    unit: 'count',
    queries: [
      {
        expr: promql`sum(max by (node) (${select(hardware.cmdb_bmc_power_state, { state: 'on' })}))`,
        legend: 'on',
      },
    ],
    noValue: noBmc,
  },
});
