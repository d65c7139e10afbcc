import { gpu } from '../../metrics/gpu.ts';
import { promql, select, series } from '../../metrics/promql.ts';
import { defineAlerts } from '../alert.ts';
import { exampleGpu, exampleGpuTarget } from '../examples.ts';
import { thresholds } from '../thresholds.ts';
import { perGpu, recent } from '../vectors.ts';
import { resetGpu } from './gpu-xid.ts';

const capped = perGpu(promql`avg_over_time(${select(gpu.gpu_clock_event_active, { reason: 'sw_power_cap' })}[30m])`);
const power = perGpu(promql`avg_over_time(${gpu.gpu_power_watts}[5m])`);
const limit = perGpu(recent(select(gpu.gpu_power_limit_watts, { kind: 'enforced' })));

const readPower = 'On the node: `nvidia-smi -q -d POWER -i <gpu_id>` shows draw, enforced limit and default limit.';

export default defineAlerts({
  theme: 'gpu-power',
  alerts: [
    {
      name: 'GpuPowerCapped',
      expr: promql`${capped} > ${thresholds.gpuPowerCappedRatio}`,
      thresholds: ['gpuPowerCappedRatio'],
      for: '5m',
      severity: 'info',
      action: 'none',
      domain: 'gpu',
      team: 'sre',
      summary: 'A GPU runs at its power cap nearly all the time.',
      description:
        'GPU {{ $labels.gpu_id }} ({{ $labels.uuid }}) on {{ $labels.node }} in {{ $labels.cluster }} was at its power cap {{ $value | humanizePercentage }} of the last half hour. Compare its enforced limit with the default one.',
      runbook: {
        meaning:
          'The GPU would clock higher if it were allowed more power. With the default limit this is normal for dense training. With a lowered limit it is the price of the lowered limit.',
        firstLook: [
          readPower,
          'Is the limit lower than on its peers: `gpu_power_limit_watts{kind="enforced"} < on (cluster, node, uuid) gpu_power_limit_watts{kind="default"}`.',
        ],
        remedy: [
          'If the limit was lowered and need not be: `nvidia-smi -i <gpu_id> -pl <default watts>`.',
          'Otherwise nothing: silence the alert for this pool, or raise gpuPowerCappedRatio.',
        ],
      },
      fires: {
        when: 'The cap is active in all readings of 40 minutes but a few',
        series: [
          [series(gpu.gpu_clock_event_active, { ...exampleGpuTarget, reason: 'sw_power_cap' }), '1x10 0x1 1x40'],
          [series(gpu.gpu_clock_event_active, { ...exampleGpuTarget, reason: 'gpu_idle' }), '0x52'],
        ],
        at: '40m',
        alerts: [exampleGpu],
      },
      quiet: {
        when: 'The cap is active in three of four readings, another reason in all',
        series: [
          [
            series(gpu.gpu_clock_event_active, { ...exampleGpuTarget, reason: 'sw_power_cap' }),
            '0 1 1 1 0 1 1 1 0 1 1 1 0 1 1 1 0 1 1 1 0 1 1 1 0 1 1 1 0 1 1 1 0 1 1 1 0 1 1 1 0 1 1 1',
          ],
          [series(gpu.gpu_clock_event_active, { ...exampleGpuTarget, reason: 'app_clocks_setting' }), '1x45'],
        ],
        at: '43m',
      },
    },
    {
      name: 'GpuPowerAboveLimit',
      expr: promql`${power} / (${limit} > 0) > ${thresholds.gpuPowerAboveLimitRatio}`,
      thresholds: ['gpuPowerAboveLimitRatio'],
      for: '5m',
      severity: 'warning',
      action: 'investigate',
      domain: 'gpu',
      team: 'sre',
      summary: 'A GPU draws more power than its limit allows.',
      description:
        'GPU {{ $labels.gpu_id }} ({{ $labels.uuid }}) on {{ $labels.node }} in {{ $labels.cluster }} draws {{ $value | humanizePercentage }} of its enforced power limit. Read draw and limit with nvidia-smi -q -d POWER.',
      runbook: {
        meaning:
          'The limit is not kept: the power controller or its sensor is at fault, or the limit has just been lowered. A rack whose limits are planned tightly can trip its breaker.',
        firstLook: [
          readPower,
          'Compare with the meter of the node: `ipmitool dcmi power reading`.',
          'Was the limit changed: `changes(gpu_power_limit_watts{uuid="<uuid>",kind="enforced"}[1h])`.',
        ],
        remedy: [
          'Set the limit again: `nvidia-smi -pm 1` and `nvidia-smi -i <gpu_id> -pl <watts>`.',
          `If it is still not kept, drain the node and reset the GPU. ${resetGpu}`,
          'If that does not help either, update the video BIOS if its release notes name power.',
          'If the meter of the node disagrees, the sensor of the board is wrong: have it exchanged when convenient.',
        ],
      },
      fires: {
        when: 'A GPU limited to 500 W draws 560 W for a quarter of an hour',
        series: [
          [series(gpu.gpu_power_watts, exampleGpuTarget), '450 560x15'],
          [series(gpu.gpu_power_limit_watts, { ...exampleGpuTarget, kind: 'enforced' }), '500x16'],
          [series(gpu.gpu_power_limit_watts, { ...exampleGpuTarget, kind: 'default' }), '700x16'],
        ],
        at: '15m',
        alerts: [exampleGpu],
      },
      quiet: {
        when: 'A GPU limited to 500 W draws 545 W',
        series: [
          [series(gpu.gpu_power_watts, exampleGpuTarget), '545x16'],
          [series(gpu.gpu_power_limit_watts, { ...exampleGpuTarget, kind: 'enforced' }), '500x16'],
        ],
        at: '15m',
      },
    },
  ],
});
