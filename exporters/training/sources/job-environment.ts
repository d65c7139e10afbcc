/** Variables in which Slurm, PBS, LSF and Grid Engine tell a process its job, in the order in which they are asked. */
export const jobVariables = ['SLURM_JOB_ID', 'PBS_JOBID', 'LSB_JOBID', 'JOB_ID'] as const;

/** Kubernetes sets it in every container; without it HOSTNAME is that of a machine. */
export const podMark = 'KUBERNETES_SERVICE_HOST';
