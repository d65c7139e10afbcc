import { join } from 'node:path';
import { asdRows } from './anomaly/asd.ts';
import { fleetRows } from './anomaly/fleet.ts';
import { generatedRows } from './anomaly/generated-fleet.ts';
import { nabRows } from './anomaly/nab.ts';
import type { Bench } from './bench.ts';

/** With `--data DIR`, where DIR holds `asd/` and `nab/`, also on public data; the definitions were not fitted to them. */
export const anomaly: Bench = {
  name: 'anomaly',
  about: 'detectors of anomalies on labelled series against mean ± 2 deviations, and what a step of a fleet costs',
  isLong: true,
  run: async (progress, { data }) => {
    const rows = [];
    if (data === undefined) progress('no --data: public data sets are left out');
    else {
      progress('ASD: 12 servers');
      rows.push(...(await asdRows(join(data, 'asd'))));
      progress('NAB: 58 series');
      rows.push(...(await nabRows(join(data, 'nab'))));
    }
    progress('generated cluster: 200 GPUs, 42 days');
    rows.push(...generatedRows());
    rows.push(...(await fleetRows(progress)));
    return rows;
  },
};
