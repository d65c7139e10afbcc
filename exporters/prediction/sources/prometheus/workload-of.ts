import type { Labels } from '../../../../kit/prometheus-api.ts';

/** Letters that Kubernetes makes the random end of a name of. */
const suffix = '[bcdfghjklmnpqrstvwxz2456789]';
const randomEnd = new RegExp(`(-${suffix}{6,10})?-${suffix}{5}$`);

/**
 * The job that has a GPU: that of the batch system, else the pod without what tells it from its sisters, so that the pods of one training run are together.
 * Undefined where nobody has it.
 */
export function workloadOf(labels: Labels): string | undefined {
  const job = labels['job_id'] ?? labels['hpc_job'] ?? '';
  if (job !== '') return `job ${job}`;
  // Without honor_labels Prometheus keeps what an exporter says as exported_pod.
  const pod = labels['exported_pod'] ?? labels['pod'] ?? '';
  const namespace = labels['exported_namespace'] ?? labels['namespace'] ?? '';
  return pod === '' ? undefined : `pod ${namespace}/${ownerOf(pod)}`;
}

/** train-worker-3 → train-worker, server-6d4cf56db6-x2v9k → server, sweep-7-q8wzm → sweep. */
function ownerOf(pod: string): string {
  return pod.replace(randomEnd, '').replace(/-\d+$/, '');
}
