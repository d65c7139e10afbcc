import { canSeeHostProcesses } from '../../../../exporters/gpu/sources/processes/process-homes.ts';
import type { Check } from '../../check.ts';
import { notApplicable, ok, warning } from '../../finding.ts';

export const hostProcesses: Check = {
  name: 'host_processes',
  title: 'processes of the host',
  group: 'container',
  run: async ({ options }) => {
    if (!options['processes.enabled']) return notApplicable('--no-processes.enabled');
    const procfs = options['path.procfs'];
    if (await canSeeHostProcesses(procfs)) return ok(`${procfs} shows them`);
    return warning(
      `${procfs} does not show them, so memory and time of a shared GPU are not divided among pods and jobs`,
      'set hostPID: true (docker run --pid=host), or mount /proc of the host and name it with --path.procfs',
    );
  },
};
