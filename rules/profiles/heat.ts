import type { Expr } from '../../metrics/promql.ts';
import { promql } from '../../metrics/promql.ts';
import type { Alert } from '../alert.ts';
import { exampleGpu } from '../examples.ts';
import { type ThresholdName, thresholds } from '../thresholds.ts';
import { perGpu, recent } from '../vectors.ts';
import { exampleSecond, type GpuSignals, type HeldDown, ofGpu, type Signal, shown } from './signals.ts';
import { variantOf } from './variant.ts';

/** Levels for boards that do not tell their own limit. */
export interface HeatLevels {
  readonly high: ThresholdName;
  readonly critical: ThresholdName;
}

/** Heat and power on series of another exporter. */
export function heatAlerts(signals: GpuSignals, levels: HeatLevels): readonly Alert[] {
  return [
    ...temperatureAlerts(signals, levels),
    memoryTemperature(signals),
    held('GpuThermalThrottle', signals.heldByHeat, { limit: 'gpuThermalThrottleRatio', window: 10 }),
    ...hwSlowdown(signals),
    held('GpuPowerCapped', signals.heldByPower, { limit: 'gpuPowerCappedRatio', window: 30 }),
    ...powerAboveLimit(signals),
  ];
}

function temperatureAlerts({ temperature, slowdownTemperature }: GpuSignals, levels: HeatLevels): readonly Alert[] {
  const core = ofGpu(temperature, recent);
  const [high, critical] = [thresholds[levels.high].value, thresholds[levels.critical].value];
  const own = slowdownTemperature && ofGpu(slowdownTemperature, recent);
  const limit = slowdownTemperature ? [shown(slowdownTemperature, '#90x12')] : [];
  return [
    variantOf('GpuTemperatureHigh', {
      expr: withOwnLimit(own && promql`${core} >= ${own} - ${thresholds.gpuTemperatureMarginCelsius}`, {
        own,
        fallback: promql`${core} >= ${thresholds[levels.high]}`,
      }),
      thresholds: [...(own ? (['gpuTemperatureMarginCelsius'] as const) : []), levels.high],
      fires: {
        when: 'A GPU is at the level for several minutes',
        series: [shown(temperature, `#50x2 #${own ? 85 : high}x10`), ...limit],
        at: '10m',
      },
      quiet: {
        when: 'A GPU is just below the level',
        series: [shown(temperature, `#${(own ? 85 : high) - 1}x12`), ...limit],
        at: '10m',
      },
      ...(slowdownTemperature && {
        edges: [
          {
            when: 'A GPU that does not tell its limit, beside one that does',
            series: [
              shown(temperature, `#${high}x12`),
              shown(temperature, `#${high}x12`, exampleSecond),
              shown(slowdownTemperature, `#${high + 10}x12`, exampleSecond),
            ],
            at: '10m',
            alerts: [exampleGpu],
          },
          {
            when: 'One degree below the level for GPUs that do not tell their limit',
            series: [shown(temperature, `#${high - 1}x12`)],
            at: '10m',
          },
        ],
      }),
    }),
    variantOf('GpuTemperatureCritical', {
      expr: withOwnLimit(own && promql`${core} >= ${own}`, {
        own,
        fallback: promql`${core} >= ${thresholds[levels.critical]}`,
      }),
      thresholds: [levels.critical],
      fires: {
        when: 'A GPU that does not tell its limit is critically hot',
        series: [shown(temperature, `#50x2 #${critical}x10`)],
        at: '10m',
      },
      quiet: {
        when: 'A GPU is just below the level',
        series: [shown(temperature, `#${own ? 89 : critical - 1}x12`), ...limit],
        at: '10m',
      },
      ...(slowdownTemperature && {
        edges: [
          {
            when: 'Exactly at its own limit, beside a GPU that does not tell one and is a degree below the level',
            series: [
              shown(temperature, '#87x12'),
              shown(slowdownTemperature, '#87x12'),
              shown(temperature, `#${critical - 1}x12`, exampleSecond),
            ],
            at: '10m',
            alerts: [exampleGpu],
          },
          {
            when: 'Above the level for GPUs that do not tell their limit, and below its own',
            series: [shown(temperature, `#${critical + 1}x12`), shown(slowdownTemperature, `#${critical + 2}x12`)],
            at: '10m',
          },
        ],
      }),
    }),
  ];
}

/** By the limit of the board where it tells one, else by the fallback. */
function withOwnLimit(
  byLimit: Expr | undefined,
  { own, fallback }: { readonly own: Expr | undefined; readonly fallback: Expr },
): Expr {
  return byLimit === undefined || own === undefined
    ? fallback
    : promql`${byLimit}
or
(${fallback} unless ${own})`;
}

function memoryTemperature({ memoryTemperature: memory, memoryMaxTemperature: max }: GpuSignals): Alert {
  const now = ofGpu(memory, recent);
  const own = max && ofGpu(max, recent);
  const limit = max ? [shown(max, '#105x12')] : [];
  return variantOf('GpuMemoryTemperatureHigh', {
    expr: withOwnLimit(own && promql`${now} >= ${own} - ${thresholds.gpuMemoryTemperatureMarginCelsius}`, {
      own,
      fallback: promql`${now} >= ${thresholds.gpuMemoryTemperatureHighFallbackCelsius}`,
    }),
    thresholds: [
      ...(own ? (['gpuMemoryTemperatureMarginCelsius'] as const) : []),
      'gpuMemoryTemperatureHighFallbackCelsius',
    ],
    fires: {
      when: 'Memory is at the level for ten minutes',
      series: [shown(memory, `#60x1 #${own ? 100 : 95}x11`), ...limit],
      at: '10m',
    },
    quiet: {
      when: 'Memory is just below the level',
      series: [shown(memory, `#${own ? 99 : 94}x12`), ...limit],
      at: '10m',
    },
    ...(max && {
      edges: [
        {
          when: 'Memory that does not tell its limit, beside one that does',
          series: [
            shown(memory, '#95x12'),
            shown(memory, '#96x12', exampleSecond),
            shown(max, '#105x12', exampleSecond),
          ],
          at: '10m',
          alerts: [exampleGpu],
        },
        {
          when: 'One degree below the level for memory that does not tell its limit',
          series: [shown(memory, '#94x12')],
          at: '10m',
        },
      ],
    }),
  });
}

interface Held {
  readonly limit: 'gpuThermalThrottleRatio' | 'gpuPowerCappedRatio';
  /** In minutes. */
  readonly window: 10 | 30;
}

function held(name: string, how: HeldDown, { limit, window }: Held): Alert {
  const level = thresholds[limit].value;
  const length = window * 2;
  const counter = 'counterOf' in how;
  const signal = counter ? how.counterOf : how.shareOf;
  const values = (share: number): string => (counter ? `0+#${share * 60}x${length}` : `#${share}x${length}`);
  return variantOf(name, {
    expr: promql`${shareOf(signal, { counter, window })} > ${thresholds[limit]}`,
    thresholds: [limit],
    fires: {
      when: 'The clocks are held down for clearly more of the time than the limit allows',
      series: [shown(signal, values(level * 1.1))],
      at: `${length - 1}m`,
    },
    quiet: {
      when: 'The clocks are held down for slightly less of the time',
      series: [shown(signal, values(level * 0.95))],
      at: `${length - 1}m`,
    },
  });
}

function shareOf(signal: Signal, { counter, window }: { readonly counter: boolean; readonly window: 10 | 30 }): Expr {
  const range = { duration: `${window}m` } as const;
  return ofGpu(signal, (metric) =>
    counter ? promql`rate(${metric}[${range}])` : promql`avg_over_time(${metric}[${range}])`,
  );
}

/**
 * Bits of NVML: 8 hardware slowdown, 64 by heat, 128 by the power brake. PromQL has no bit operations; a bit is set where the
 * rest of a division by its double is not below it. Other bits may be set too.
 */
function hwSlowdown({ clockReasons }: GpuSignals): readonly Alert[] {
  if (clockReasons === undefined) return [];
  const names = clockReasons.or === undefined ? [clockReasons.metric] : [clockReasons.metric, clockReasons.or];
  const mask = names.map((metric) => perGpu(recent(metric))).reduce((one, other) => promql`${one} or ${other}`);
  return [
    variantOf('GpuHwSlowdown', {
      expr: promql`(${mask}) % 16 >= 8
or
(${mask}) % 256 >= 128`,
      fires: {
        when: 'The power brake is on, and some other bits',
        series: [shown(clockReasons, `0x2 ${128 + 4 + 1}x15`)],
        at: '14m',
      },
      quiet: {
        when: 'All the other bits are on: idle, set clocks, power cap, heat',
        series: [shown(clockReasons, `${1 + 2 + 4 + 16 + 32 + 64 + 256}x17`)],
        at: '14m',
      },
      edges: names.flatMap((metric) =>
        [8, 128].map((bit) => ({
          when: `${metric.name} has bit ${bit} alone`,
          series: [shown({ metric, unitsPerBase: 1 }, `${bit}x15`)],
          at: '14m' as const,
          alerts: [exampleGpu],
        })),
      ),
    }),
  ];
}

function powerAboveLimit({ power, powerLimit }: GpuSignals): readonly Alert[] {
  if (power === undefined || powerLimit === undefined) return [];
  return [
    variantOf('GpuPowerAboveLimit', {
      expr: promql`${ofGpu(power, (metric) => promql`avg_over_time(${metric}[5m])`)}
/ (${ofGpu(powerLimit, recent)} > 0)
> ${thresholds.gpuPowerAboveLimitRatio}`,
      thresholds: ['gpuPowerAboveLimitRatio'],
      fires: {
        when: 'A GPU limited to 500 W draws 560 W for a quarter of an hour',
        series: [shown(power, '#450 #560x15'), shown(powerLimit, '#500x16')],
        at: '15m',
      },
      quiet: {
        when: 'A GPU limited to 500 W draws 545 W',
        series: [shown(power, '#545x16'), shown(powerLimit, '#500x16')],
        at: '15m',
      },
      edges: [
        {
          when: 'A GPU shows a limit of nothing',
          series: [shown(power, '#560x16'), shown(powerLimit, '0x16')],
          at: '15m',
        },
      ],
    }),
  ];
}
