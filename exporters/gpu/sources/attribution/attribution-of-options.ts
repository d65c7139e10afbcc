import type { Clock } from '../../../../kit/clock.ts';
import { ConfigError } from '../../../../kit/errors.ts';
import type { Log } from '../../../../kit/log.ts';
import type { OptionValues } from '../../../../kit/options/define.ts';
import type { GpuOptions } from '../../options.ts';
import { createJobFiles } from '../jobs/job-files.ts';
import { createPodList } from '../kubelet/pod-list.ts';
import { createPodLogs } from '../kubelet/pod-logs.ts';
import { createPodResources } from '../kubelet/pod-resources.ts';
import { createProcessHomes } from '../processes/process-homes.ts';
import { type AttributionInputs, type AttributionSource, createAttribution } from './attribution-source.ts';
import { createTimesFile } from './times-file.ts';

type Options = OptionValues<GpuOptions>;

const bootIdFile = '/proc/sys/kernel/random/boot_id';
/** What a kubelet that works takes at most. */
const timeoutSeconds = 5;

/** Asks what the options name who has the GPUs of this machine. */
export function attributionOfOptions(
  options: Options,
  deps: { readonly clock: Clock; readonly log: Log },
): AttributionSource {
  return createAttribution({
    settings: {
      kubernetes: options['kubernetes.enabled'],
      intervalSeconds: options['kubernetes.interval'],
      podDirectoryIntervalSeconds: options['kubernetes.pod-list-interval'],
      retentionSeconds: options['attribution.retention'],
      processNames: options['processes.names'],
    },
    inputs: inputsOf(options, deps),
    ...deps,
  });
}

/** Throws ConfigError for options that do not go together. */
export function checkAttributionOptions(options: Options): void {
  podDirectoryOf(options);
  if (options['kubernetes.pod-labels'].length > 0 && options['kubernetes.pod-list-url'] === undefined) {
    throw new ConfigError('--kubernetes.pod-labels needs --kubernetes.pod-list-url, because nothing else tells labels');
  }
}

function inputsOf(options: Options, deps: { readonly clock: Clock; readonly log: Log }): AttributionInputs {
  const jobsPath = options['jobs.mapping-path'];
  const stateFile = options['attribution.state-file'];
  return {
    podResources: createPodResources({
      socket: options['kubernetes.pod-resources-socket'],
      resources: options['kubernetes.resources'],
      timeoutSeconds,
    }),
    podDirectory: podDirectoryOf(options),
    processHomes: options['processes.enabled'] ? createProcessHomes({ procfs: options['path.procfs'] }) : undefined,
    jobFiles: jobsPath === undefined ? undefined : createJobFiles({ path: jobsPath }),
    stateFile: stateFile === undefined ? undefined : createTimesFile(stateFile, { ...deps, bootIdFile }),
  };
}

function podDirectoryOf(options: Options): AttributionInputs['podDirectory'] {
  const url = options['kubernetes.pod-list-url'];
  if (url === undefined)
    return { name: 'pod_logs', directory: createPodLogs({ path: options['kubernetes.pod-logs-path'] }) };
  const directory = createPodList({
    url,
    tokenFile: options['kubernetes.pod-list-token-file'],
    caFile: options['kubernetes.pod-list-ca-file'],
    labels: options['kubernetes.pod-labels'],
    timeoutSeconds,
  });
  return { name: 'pod_list', directory };
}
