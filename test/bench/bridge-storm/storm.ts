import type { SentAlert } from '../../support/alertmanager.ts';
import type { RobotRequest } from '../../support/robots/robot-server.ts';

export const nodes = 1_250;
export const gpusOfNode = 8;
export const alertsInStorm = nodes * gpusOfNode;

/** A switch dies and every GPU of 1,250 nodes is lost at once: one group for each node. */
export function stormAlerts(nowMs: number): readonly SentAlert[] {
  return Array.from({ length: alertsInStorm }, (_, index) => {
    const node = `gpu-node-${Math.floor(index / gpusOfNode)}`;
    const gpu = index % gpusOfNode;
    return {
      startsAtMs: nowMs,
      labels: {
        alertname: 'GpuLost',
        severity: gpu === 0 ? 'critical' : 'warning',
        cluster: 'c1',
        node,
        gpu_id: String(gpu),
        team: 'sre',
      },
      annotations: {
        summary: 'The driver has lost the GPU.',
        description: `GPU ${gpu} of ${node} answers no more. Drain the node and restart it.`,
        runbook_url: 'https://runbooks.example.com/GpuLost',
      },
    };
  });
}

/** Alerts that the messages tell of; each has its number in its title. */
export function alertsTold(messages: readonly RobotRequest[]): number {
  return messages.reduce((sum, { body }) => sum + Number(/\[FIRING:(\d+)\]/.exec(body)?.[1] ?? 0), 0);
}

/** The most messages that came within any minute. */
export function fullestMinute(timesMs: readonly number[]): number {
  let from = 0;
  return timesMs.reduce((most, time, index) => {
    while ((timesMs[from] ?? time) <= time - 60_000) from++;
    return Math.max(most, index - from + 1);
  }, 0);
}
