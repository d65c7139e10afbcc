import { ConfigError } from '../../../../kit/errors.ts';
import type { RunIdentity } from '../../journal.ts';
import { execHastily } from './hasty-pattern.ts';

/** More of a path says no more. */
const maxSearched = 1024;
const maxJobId = 128;

/** Throws ConfigError unless it is a regular expression with the group job_id. */
export function checkJobIdPattern(text: string): RegExp {
  try {
    const pattern = new RegExp(text);
    // Without the text of a match the group is there, and undefined, only if the pattern has it.
    if ('job_id' in (new RegExp(`${text}|`).exec('')?.groups ?? {})) return pattern;
  } catch (error) {
    throw new ConfigError(`--runs.job-id-pattern must be a regular expression: ${String(error)}`);
  }
  throw new ConfigError(
    `--runs.job-id-pattern must have a group job_id such as slurm-(?<job_id>\\d+), got "${text.slice(0, 200)}"`,
  );
}

/** Empty where the path does not tell. The end of a path counts most. */
export function jobIdOfPath(path: string, pattern: RegExp): string {
  const found = execHastily(pattern, path.slice(-maxSearched))?.groups?.['job_id'] ?? '';
  return found.slice(0, maxJobId);
}

export interface PodLog {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string | undefined;
  /** Folder of the pod or container, through all restarts. */
  readonly folder: string;
}

/** `/var/log/pods/<namespace>_<pod>_<uid>/<container>/<restart>.log`, as the kubelet names it; the uid of a static pod is a hash. */
const podLog =
  /^(.*\/pods\/([a-z0-9-]{1,63})_([a-z0-9.-]{1,253})_(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32})(?:\/([a-z0-9-]{1,63}))?)(?:\/|$)/;

export function podLogOf(path: string): PodLog | undefined {
  const [, folder, namespace, pod, container] = podLog.exec(path) ?? [];
  if (folder === undefined || namespace === undefined || pod === undefined) return undefined;
  return { namespace, pod, container, folder };
}

interface Match {
  readonly path: string;
  readonly realPath: string;
  readonly name: string;
}

/** Identity of the run at a path that a pattern matched. */
export function identityOfRun({ path, realPath, name }: Match, jobIdPattern: RegExp): RunIdentity {
  const pod = podLogOf(path);
  const base = { longName: path, jobId: jobIdOfPath(path, jobIdPattern), host: '' };
  if (pod === undefined) return { key: realPath, run: name, ...base, namespace: '', pod: '' };
  return {
    ...base,
    // A container that is started again writes the next file of its folder and goes on with its run.
    key: pod.folder,
    run: [pod.namespace, pod.pod, ...(pod.container === undefined ? [] : [pod.container])].join('/'),
    namespace: pod.namespace,
    pod: pod.pod,
  };
}
