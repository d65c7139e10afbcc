import type { Duration } from '../../metrics/promql.ts';
import { promql, select, series } from '../../metrics/promql.ts';
import type { Alert } from '../alert.ts';
import { xidRows } from '../alerts/gpu-xid.ts';
import { exampleGpu } from '../examples.ts';
import { type ThresholdName, thresholds } from '../thresholds.ts';
import { recent } from '../vectors.ts';
import {
  exampleSecond,
  exampleVendorTarget,
  type GpuSignals,
  ofGpu,
  type Signal,
  shown,
  type XidMetric,
} from './signals.ts';
import { variantOf } from './variant.ts';

/** Errors of memory, and what the driver says of them, on series of another exporter. */
export function errorAlerts(signals: GpuSignals): readonly Alert[] {
  const { recoveryAction, rowRemapFailure, rowRemapPending, uncorrectableRows, correctableRows } = signals;
  return [
    counted('GpuEccUncorrectable', signals.uncorrectable, { window: '5m' }),
    counted('GpuEccCorrectableBurst', signals.correctable, { window: '1h', limit: 'gpuEccCorrectableErrorsPerHour' }),
    ...(rowRemapFailure ? [flagged('GpuRowRemapFailure', rowRemapFailure)] : []),
    ...(rowRemapPending ? [flagged('GpuRowRemapPending', rowRemapPending)] : []),
    ...(uncorrectableRows ? [counted('GpuUncorrectableRowRemapped', uncorrectableRows, { window: '10m' })] : []),
    ...(correctableRows
      ? [counted('GpuCorrectableRemapGrowth', correctableRows, { window: '1d', limit: 'gpuCorrectableRemapsCount' })]
      : []),
    // The number says what is asked for; every one but 0 asks for something.
    ...(recoveryAction ? [flagged('GpuRecoveryActionRequired', recoveryAction)] : []),
  ];
}

interface Counted {
  readonly window: Duration['duration'];
  readonly limit?: ThresholdName;
}

/** More than a limit within a window; more than none without a limit. */
function counted(name: string, signal: Signal, { window, limit }: Counted): Alert {
  const increase = promql`round(${ofGpu(signal, (metric) => promql`increase(${metric}[${{ duration: window }}])`)})`;
  const level = limit === undefined ? 0 : thresholds[limit].value;
  const before = '3x29 3';
  return variantOf(name, {
    expr: limit === undefined ? promql`${increase} > 0` : promql`${increase} > ${thresholds[limit]}`,
    ...(limit === undefined ? {} : { thresholds: [limit] }),
    fires: {
      when: limit === undefined ? 'The counter goes up by one' : 'The counter goes up by one more than the limit',
      series: [shown(signal, `${before} ${3 + level + 1}x30`)],
      at: limit === undefined ? '33m' : '45m',
    },
    quiet: {
      when:
        limit === undefined ? 'A counter with errors of long ago' : 'The counter goes up by hardly less than the limit',
      series: [shown(signal, `${before} ${3 + Math.round(level * 0.98)}x30`)],
      at: limit === undefined ? '33m' : '45m',
    },
  });
}

function flagged(name: string, signal: Signal): Alert {
  return variantOf(name, {
    expr: promql`${ofGpu(signal, recent)} > 0`,
    fires: { when: 'It is set and stays', series: [shown(signal, '0x3 1x20')], at: '20m' },
    quiet: { when: 'It is not set', series: [shown(signal, '0x25')], at: '20m' },
  });
}

/** Errors of the last minutes by code: a window that slides in the exporter, so never `increase`, and the first one counts. */
export function xidAlerts(xid: XidMetric): readonly Alert[] {
  const example = (code: string, values: string) =>
    [series(xid, { ...exampleVendorTarget, xid: code }), values] as const;
  const rows = xidRows.map(({ name, codes, fires }) => {
    const code = fires.alerts[0]?.['xid'] ?? '';
    const known = typeof codes === 'object' && 'notRe' in codes ? { notRe: `${codes.notRe}|` } : codes;
    return variantOf(name, {
      expr: promql`max by (cluster, node, gpu_id, uuid, xid) (${recent(select(xid, { xid: known }))}) > 0`,
      fires: {
        when: `XID ${code} is counted in the window of the exporter`,
        series: [example(code, '_x5 1x10')],
        at: '7m',
        alerts: [{ ...exampleGpu, xid: code }],
      },
      quiet: {
        when: 'The window has no errors of the code; an ignored code is reported, and the series without a code that stands for none',
        series: [example(code, '0x15'), example('43', '_x5 1x10'), example('', '0x15')],
        at: '7m',
      },
    });
  });
  return [...rows, repeats(xid)];
}

/** The job is on the series itself while the error is in the window. */
function repeats(xid: XidMetric): Alert {
  const failed = select(xid, { xid: { re: '13|31' }, job_id: { not: '' } });
  const example = (job_id: string, values: string, target: typeof exampleVendorTarget | typeof exampleSecond) =>
    [series(xid, { ...target, job_id, xid: '31' }), values] as const;
  return variantOf('GpuXidAppErrorRepeatsOnOneGpu', {
    expr: promql`count by (cluster, node, gpu_id, uuid) (
  max by (cluster, node, gpu_id, uuid, job_id) (max_over_time(${failed}[1d])) > 0
) >= ${thresholds.gpuFailedJobsCount}`,
    thresholds: ['gpuFailedJobsCount'],
    fires: {
      when: 'Three jobs had an error, one after the other',
      series: [
        example('4711', '1x5 _x60', exampleVendorTarget),
        example('4712', '_x20 2x5 _x40', exampleVendorTarget),
        example('4713', '_x40 1x5 _x20', exampleVendorTarget),
      ],
      at: '60m',
    },
    quiet: {
      when: 'Two jobs had errors, a third had none, and a fourth on another GPU; without a job nobody is counted',
      series: [
        example('4711', '1x60', exampleVendorTarget),
        example('4712', '_x20 2x5 _x40', exampleVendorTarget),
        example('4714', '0x60', exampleVendorTarget),
        example('', '1x60', exampleVendorTarget),
        example('4713', '1x60', exampleSecond),
      ],
      at: '60m',
    },
  });
}
