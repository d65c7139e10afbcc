import { defineMetrics } from '../../../metrics/define.ts';

/** One metric of every kind, with help texts that need escaping. */
export const catalogue = defineMetrics('test', {
  test_temperature_celsius: {
    kind: 'gauge',
    unit: 'celsius',
    help: 'Temperature\nwith "quotes" and a \\ backslash.',
    labels: ['model', 'kind'],
  },
  test_errors_total: { kind: 'counter', unit: 'none', help: 'Errors.', labels: ['reason'] },
  test_read_bytes_total: { kind: 'counter', unit: 'bytes', help: 'Bytes read.', labels: [] },
  test_ratio_of_things: { kind: 'gauge', unit: 'ratio', help: 'A name that does not end with its unit.', labels: [] },
  test_build_info: { kind: 'info', unit: 'none', help: 'Facts.', labels: ['version'] },
  test_wait_seconds: {
    kind: 'histogram',
    unit: 'seconds',
    help: 'Waiting.',
    labels: ['model'],
    buckets: [0.1, 1],
  },
});
