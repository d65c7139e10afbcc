import { hostname } from 'node:os';
import type { DaemonContext, Service } from '../../kit/daemon.ts';
import { adminGuard } from '../../kit/http/admin-guard.ts';
import type { Log } from '../../kit/log.ts';
import { keepHeapSmall } from '../../kit/small-heap.ts';
import { startReleaseControl } from './api/release.ts';
import { type Attribution, type NodeSnapshot, startNodeSnapshot } from './node-snapshot.ts';
import type { GpuOptions } from './options.ts';
import { type ShownNames, shownNames } from './shown-names.ts';
import { attributionOfOptions } from './sources/attribution/attribution-of-options.ts';
import { readCaptureFile } from './sources/capture/capture-file.ts';
import { createReplaySource } from './sources/capture/replay-source.ts';
import { createKernelLog } from './sources/kernel-log/kernel-log.ts';
import { spawnNvmlChild } from './sources/nvml/child-process.ts';
import { createNvmlSource, type NvmlSource } from './sources/nvml/nvml-source.ts';
import type { GpuSource } from './sources/source.ts';

type Context = DaemonContext<GpuOptions>;

/** The GPUs of this machine. */
export function startNode(context: Context): Service<GpuOptions> {
  keepHeapSmall();
  const source = nvmlSource(context);
  const control = startReleaseControl(
    source,
    { defaultSeconds: context.options['gpu.release-duration'], guard: guardOf(context) },
    context.log,
  );
  const node = startSnapshot(source, context, attributionOfOptions(context.options, context));
  return {
    ...node,
    routes: control.routes,
    stop: async () => {
      control.stop();
      await node.stop();
    },
  };
}

/** The GPUs of another machine, as they were when their capture was taken. Throws ConfigError if it cannot be used. */
export function startReplay(context: Context): Service<GpuOptions> {
  const { options, clock, log } = context;
  const file = options['replay.file'] ?? '';
  log.warn('all GPUs are from a capture', { file });
  const source = createReplaySource(
    { capture: readCaptureFile(file), collectSeconds: options['gpu.interval'] },
    { clock, log },
  );
  // The pods and processes of this machine are not those of the capture.
  return { ...startSnapshot(source, context, undefined), notice: `All GPUs here are from the capture ${file}.` };
}

function nvmlSource({ options, clock, log }: Context): NvmlSource {
  const pollSeconds = options['gpu.event-interval'];
  return createNvmlSource(
    {
      libraries: options['nvml.library'],
      tierSeconds: {
        fast: options['gpu.interval'],
        slow: options['gpu.slow-interval'],
        processes: options['gpu.process-interval'],
      },
      pollSeconds,
      deadlineSeconds: options['gpu.timeout'],
      patienceSeconds: options['gpu.patience'],
    },
    {
      spawn: spawnNvmlChild,
      kernelLog: createKernelLog({ path: options['xid.kernel-log'], pollSeconds, clock, log }),
      clock,
      log,
    },
  );
}

function guardOf({ options, readFile }: Context) {
  return adminGuard({
    option: '--admin.token-file',
    tokenFile: options['admin.token-file'],
    listenAddress: options['web.listen-address'],
    readFile,
  });
}

function startSnapshot(
  source: GpuSource,
  { options, clock, log }: Context,
  attribution: Attribution | undefined,
): NodeSnapshot {
  const names = shownNames(options);
  warnOfUnknown(names, options['dcgm.counters-file'], log);
  const expected = options['gpu.expected'];
  return startNodeSnapshot(
    source,
    {
      expected: expected === 0 ? undefined : expected,
      isShown: names.isShown,
      sumsLinks: !options['nvlink.per-link'],
    },
    {
      clock,
      log,
      attribution,
      // In a container the name of the machine is not the host name; the downward API gives it by this variable.
      otherNames: names.others(process.env['NODE_NAME'] ?? hostname()),
    },
  );
}

function warnOfUnknown({ unknown }: ShownNames, file: string | undefined, log: Log): void {
  for (const { line, name } of unknown) log.warn('the counters file names what cannot be shown', { file, line, name });
}
