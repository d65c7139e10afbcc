interface JobPattern {
  readonly system: string;
  /** With the groups jobId and, where the path has it, userId. Every repetition is bounded. */
  readonly pattern: RegExp;
}

/**
 * How batch systems name the cgroups of their jobs. HTCondor is left out: it names the slot, which goes from job to job. PBS ids keep their
 * server as in PBS_JOBID where the path has it; for cgroup v2 the path may have the run count there instead, which is no part of the id.
 */
export const jobPatterns: readonly JobPattern[] = [
  {
    system: 'Slurm, cgroup v1',
    pattern: /\/slurm(?:_[^/]{1,255})?\/uid_(?<userId>\d{1,10})\/job_(?<jobId>\d{1,10})(?=\/|$)/,
  },
  {
    // With the name of the node in front where several slurmd run on one machine.
    system: 'Slurm, cgroup v2',
    pattern: /\/(?:[^/]{1,240}_)?slurmstepd\.scope\/job_(?<jobId>\d{1,10})(?=\/|$)/,
  },
  {
    system: 'PBS, cgroup v1',
    pattern: /\/pbs_jobs\.service\/jobid\/(?<jobId>\d{1,12}(?:\[\d{0,9}\])?(?:\.[\w.-]{1,110})?)(?=\/|$)/,
  },
  {
    system: 'PBS, cgroup v2',
    pattern:
      /\/pbs_jobs\.service\/jobs\/(?<jobId>\d{1,12}(?:\[\d{0,9}\])?(?:\.[A-Za-z][\w.-]{0,110})?)(?:\.\d{1,9})?(?=\/|$)/,
  },
  {
    system: 'PBS Professional before 2020',
    pattern: /\/pbspro(?:\.slice\/pbspro-|\/)(?<jobId>\d{1,12}(?:\[\d{0,9}\])?\.[\w.-]{1,110}?)(?:\.slice)?(?=\/|$)/,
  },
  {
    system: 'LSF',
    pattern: /\/lsf\/[^/]{1,255}\/job\.(?<jobId>\d{1,12}(?:\[\d{1,9}\])?)\.\d{1,12}\.\d{1,12}(?=\/|$)/,
  },
];
