import type { Check } from '../../check.ts';
import { notApplicable, ok, warning } from '../../finding.ts';

export const xidEvents: Check = {
  name: 'xid_events',
  title: 'XID events of NVML',
  group: 'sources',
  run: ({ driver }) => {
    if (driver.kind !== 'answered') return notApplicable('the driver does not answer');
    if (driver.hearsEvents) return ok('heard');
    const complaint = driver.complaints.find((line) => line.includes('XID'));
    return warning(
      `not heard${complaint === undefined ? '' : ` (${complaint})`}`,
      'let the exporter read the kernel log, see below; WSL and some virtual GPUs have no events',
    );
  },
};
