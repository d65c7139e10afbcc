import type { MappedJob } from '../../../../exporters/gpu/attribution/attribution.ts';
import { createJobFiles } from '../../../../exporters/gpu/sources/jobs/job-files.ts';
import type { Check } from '../../check.ts';
import { counted } from '../../counted.ts';
import { type Finding, notApplicable, ok, warning } from '../../finding.ts';
import { thrown } from '../../reason.ts';

export const jobFiles: Check = {
  name: 'job_files',
  title: 'job folder',
  group: 'sources',
  run: async ({ options }) => {
    const path = options['jobs.mapping-path'];
    if (path === undefined) return notApplicable('no --jobs.mapping-path');
    try {
      const { jobs, bad } = await createJobFiles({ path }).read();
      return judgeJobFiles(path, jobs, bad);
    } catch (error) {
      return thrown('failure', error);
    }
  },
};

export function judgeJobFiles(path: string, jobs: readonly MappedJob[], bad: number): Finding {
  const devices = new Set(jobs.map(({ gpuIndex, gpuInstanceId }) => `${gpuIndex}.${gpuInstanceId ?? ''}`));
  const found = `${path}: ${jobs.length === 0 ? 'no jobs now' : `${counted(jobs.length, 'job')} in ${counted(devices.size, 'file')}`}`;
  if (bad === 0) return ok(found);
  return warning(
    `${found}; ${counted(bad, 'bad entry', 'bad entries')}`,
    'name each file by the index of its GPU (or index.instance) and write one job id on each line',
  );
}
