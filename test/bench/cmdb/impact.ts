import { graphOf } from '../../../exporters/cmdb/impact/compile-graph.ts';
import { dependenciesOf } from '../../../exporters/cmdb/impact/depends.ts';
import { impactOf } from '../../../exporters/cmdb/impact/impact.ts';
import { rootCauses } from '../../../exporters/cmdb/impact/root-cause.ts';
import { singlePoints } from '../../../exporters/cmdb/impact/single-points.ts';
import type { Inventory } from '../../../exporters/cmdb/inventory/inventory.ts';
import type { fleetInventory } from '../../support/cmdb-fleet.ts';
import { quantile, type Row, row } from '../bench.ts';
import type { SqlSide } from './sql-side.ts';

const runs = 300;
const sqlRuns = 7;
const heavyRuns = 15;

export async function impactRows(
  { inventory, idOf }: ReturnType<typeof fleetInventory>,
  sql: SqlSide,
  progress: (step: string) => void,
): Promise<readonly Row[]> {
  const cores = [1, 2, 3, 4].map((core) => idOf(`core-${core}`));
  const rack = Array.from({ length: 8 }, (_, node) => ({ id: idOf(`node-${node}`) }));
  progress(`laying out the graph, ${heavyRuns} times`);
  const layout = timesMs(heavyRuns, (run) => graphOf({ ...inventory, revision: run + 2 } satisfies Inventory));
  progress(`impact of the core switches, ${runs} times, and ${sqlRuns} times in SQL`);
  const one = timesMs(runs, (run) => impactOf(inventory, [cores[run % cores.length] ?? 0]));
  const all = timesMs(runs, () => impactOf(inventory, cores));
  const inSql: number[] = [];
  for (let run = 0; run < sqlRuns; run++) inSql.push(await timeMs(() => sql.affected(cores)));
  progress('causes, single points and dependencies');
  const causes = timesMs(heavyRuns, () => rootCauses(inventory, rack));
  const points = timesMs(heavyRuns, () => singlePoints(inventory));
  const depends = timesMs(runs, (run) => dependenciesOf(inventory, idOf(`app-${run}`)));
  const affected = impactOf(inventory, cores).down.toLocaleString('en');
  return [
    figure('laying out the needs after a change', layout),
    figure('impact of a top switch of four, p99', [quantile(one, 0.99)]),
    figure(`impact of all four, ${affected} items down, p50`, [quantile(all, 0.5)], inSql),
    figure(`impact of all four, ${affected} items down, p99`, [quantile(all, 0.99)], [Math.max(...inSql)]),
    figure('what an application depends on, p99', [quantile(depends, 0.99)]),
    figure('shared causes of 8 alerting nodes', causes),
    figure('single points of failure of the fleet', points),
  ];
}

function figure(name: string, values: readonly number[], baselineRuns?: readonly number[]): Row {
  return row({
    bench: 'cmdb',
    name,
    unit: 'ms',
    runs: values,
    ...(baselineRuns === undefined ? {} : { baselineRuns }),
  });
}

function timesMs(count: number, work: (run: number) => unknown): readonly number[] {
  return Array.from({ length: count }, (_, run) => {
    const started = performance.now();
    work(run);
    return performance.now() - started;
  });
}

async function timeMs(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
