import type { OptionValues } from '../../../../kit/options/define.ts';
import type { TrainingOptions } from '../../options.ts';
import { checkJobIdPattern } from './run-identity.ts';
import { parseRunPattern, type RunPattern } from './run-pattern.ts';

export interface FileSourceSettings {
  readonly patterns: readonly RunPattern[];
  readonly depth: number;
  readonly maxFiles: number;
  readonly pollSeconds: number;
  readonly idlePollSeconds: number;
  readonly discoverySeconds: number;
  /** Files that were written last before that are not read. */
  readonly maxAgeSeconds: number;
  readonly logNames: readonly string[];
  readonly catchUpBytes: number;
  readonly jobIdPattern: RegExp;
  readonly procfs: string;
  /** Of this machine, as programs on it write it into the names of their files. */
  readonly hostName: string;
  /** How long an answer of the file system is waited for. */
  readonly patienceSeconds: number;
  /** How much one poll reads. */
  readonly budgetBytes: number;
}

const mib = 1024 * 1024;

/** Throws ConfigError for patterns that can match nothing. */
export function fileSourceSettings(
  options: OptionValues<TrainingOptions>,
  { workingFolder, hostName }: { readonly workingFolder: string; readonly hostName: string },
): FileSourceSettings {
  return {
    patterns: options['runs.paths'].map((text) => parseRunPattern(text, workingFolder)),
    depth: options['runs.depth'],
    maxFiles: options['files.max'],
    pollSeconds: options['files.poll-interval'],
    idlePollSeconds: options['files.idle-poll-interval'],
    discoverySeconds: options['files.discovery-interval'],
    maxAgeSeconds: options['runs.idle-after'] + options['runs.retention'],
    logNames: options['logs.names'],
    catchUpBytes: options['logs.catch-up-mib'] * mib,
    jobIdPattern: checkJobIdPattern(options['runs.job-id-pattern']),
    procfs: options['path.procfs'],
    hostName,
    patienceSeconds: 10,
    budgetBytes: 64 * mib,
  };
}
