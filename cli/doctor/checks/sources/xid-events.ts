import type { Check } from '../../check.ts';
import { silenceOf } from '../../driver-exam.ts';
import { notApplicable, ok, warning } from '../../finding.ts';

export const xidEvents: Check = {
  name: 'xid_events',
  title: 'XID events of NVML',
  group: 'sources',
  run: ({ driver }) => {
    if (driver.kind !== 'answered') return notApplicable(silenceOf(driver));
    if (driver.hearsEvents) return ok('heard');
    const complaint = driver.complaints.find((line) => line.includes('XID'));
    return warning(
      `not heard${complaint === undefined ? '' : ` (${complaint})`}`,
      'let the exporter read the kernel log, see below; WSL and some virtual GPUs have no events',
    );
  },
};
