import { basename } from 'node:path';
import type { PushedRun } from '../../exporters/training/decoders/push/push-identity.ts';
import { isName } from '../../exporters/training/decoders/push/read-json.ts';
import { jobVariables, podMark } from '../../exporters/training/sources/job-environment.ts';
import { ConfigError } from '../../kit/errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface Surroundings {
  readonly env: Environment;
  readonly workingFolder: string;
  readonly hostname: string;
  readonly command: { readonly program: string; readonly args: readonly string[] };
}

/** Names that people give to folders in images, and to none that tells a run from another. */
const plainFolders = ['', 'root', 'home', 'app', 'src', 'work', 'workspace', 'workdir', 'tmp', 'code'];
/** What generateName of Kubernetes adds: five of these characters (apimachinery, util/rand). */
const randomSuffix = /-[bcdfghjklmnpqrstvwxz2456789]{5}$/;
/** Index of an indexed job or a stateful set, and the role in a job of Kubeflow's trainer. */
const memberSuffix = /(?:-(?:master|worker|launcher|node|chief|ps))?(?:-\d+)+$/;

/** Says which run it is, by options first and then by what the environment tells. Throws ConfigError for a name that can be no label. */
export function runOrigin(
  options: { readonly run: string | undefined; readonly 'job-id': string | undefined },
  { env, workingFolder, hostname, command }: Surroundings,
): PushedRun {
  const inKubernetes = env[podMark] !== undefined || env['POD_NAME'] !== undefined;
  const pod = labelOf(inKubernetes ? (env['POD_NAME'] ?? env['HOSTNAME']) : undefined);
  return {
    run: checked('--run', options.run) ?? labelOf(nameOfRun(workingFolder, command), 'default'),
    jobId: checked('--job-id', options['job-id']) ?? labelOf(firstOf(env, jobVariables) ?? jobOfPod(pod)),
    host: labelOf(hostname),
    namespace: labelOf(env['POD_NAMESPACE']),
    pod,
  };
}

/** Undefined where nobody says that there are several. */
export function rankOf(env: Environment): number | undefined {
  return wholeOf(firstOf(env, ['RANK', 'SLURM_PROCID', 'OMPI_COMM_WORLD_RANK', 'PMI_RANK']));
}

/** Among those of this machine. */
export function localRankOf(env: Environment): number | undefined {
  return wholeOf(firstOf(env, ['LOCAL_RANK', 'SLURM_LOCALID', 'OMPI_COMM_WORLD_LOCAL_RANK', 'MPI_LOCALRANKID']));
}

function nameOfRun(workingFolder: string, { program, args }: Surroundings['command']): string {
  const folder = basename(workingFolder);
  if (!plainFolders.includes(folder)) return folder;
  const script = args.find((arg) => /\.(?:py|sh|mjs|js|ts)$/.test(arg)) ?? program;
  return basename(script).replace(/\.\w+$/, '');
}

/** Pods of one job, and those that take their place, have the beginning of their names in common. */
function jobOfPod(pod: string): string {
  return pod.replace(randomSuffix, '').replace(memberSuffix, '');
}

function firstOf(env: Environment, names: readonly string[]): string | undefined {
  return names.map((name) => env[name]).find((value) => value !== undefined && value !== '');
}

function wholeOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function checked(option: string, given: string | undefined): string | undefined {
  if (given === undefined || isName(given)) return given;
  throw new ConfigError(
    `${option} must be at most 256 characters without control characters, got ${JSON.stringify(given)}`,
  );
}

/** What the environment gives is not worth an error. */
function labelOf(text: string | undefined, otherwise = ''): string {
  return isName(text) ? text : otherwise;
}
