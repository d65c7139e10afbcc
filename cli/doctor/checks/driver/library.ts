import type { Check } from '../../check.ts';
import { notApplicable, ok } from '../../finding.ts';
import { splitRemedy } from '../../reason.ts';

export const library: Check = {
  name: 'nvml_library',
  title: 'NVML library',
  group: 'driver',
  run: ({ driver }) => {
    if (driver.kind === 'not_asked') return notApplicable(driver.reason);
    if (driver.kind === 'unavailable' && driver.state === 'library_not_found') {
      return { status: 'failure', ...splitRemedy(driver.message) };
    }
    return ok(driver.library ?? 'loads');
  },
};
