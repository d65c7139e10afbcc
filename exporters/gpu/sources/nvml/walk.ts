import type { GpuReading, NodeReading, Tier } from '../../reading.ts';
import { createCostMeter } from './cost-meter.ts';
import { createGpu, type Gpu } from './gpu.ts';
import type { Library } from './library.ts';
import type { Progress } from './progress.ts';
import { nameOf } from './return-codes.ts';
import type { SymbolName } from './symbols.ts';
import { readGpuCount, readVersions } from './system.ts';
import { DriverUnavailable, GpuUnavailable } from './unavailable.ts';

export interface WalkDeps {
  readonly library: Pick<Library, 'call'>;
  readonly progress: Progress;
  /** Unix time in seconds. */
  readonly now: () => number;
  /** Seconds on a clock that only goes forward. */
  readonly monotonic: () => number;
  /** Takes what an operator should see although it costs no more than one GPU. */
  readonly report: (message: string) => void;
}

/** A GPU that answered when it was last touched. */
export interface ListedGpu {
  readonly index: number;
  readonly uuid: string;
  readonly handle: bigint;
}

export interface Walk {
  /** How many GPUs the driver lists, skipped ones included. */
  gpuCount(): number;
  listed(): readonly ListedGpu[];
  /** Reads the GPUs. Throws DriverUnavailable if the driver went away, and nothing because of a single GPU. */
  collect(wanted: Wanted): NodeReading;
  /** Gives back what NVML holds for the GPUs. */
  close(): void;
}

export interface Wanted {
  readonly tiers: readonly Tier[];
  /** Indexes of GPUs that must not be touched and are not shown. */
  readonly skip: readonly number[];
}

/** Finds the GPUs of an initialised NVML. Those in `skip` are not touched before a `collect` asks for them. */
export function startWalk(deps: WalkDeps, { skip }: Pick<Wanted, 'skip'>): Walk {
  const { progress, monotonic, now } = deps;
  const meter = createCostMeter(deps.library, monotonic);
  const { library } = meter;
  const refused = new Set<SymbolName>();
  let gpus: readonly Gpu[] = [];
  let gpuCount: number | undefined;

  function enumerate(): void {
    const count = readGpuCount(library) ?? gpuCount;
    if (count === undefined) throw new DriverUnavailable('failed', 'NVML does not tell how many GPUs there are');
    if (count === gpuCount) return;
    if (count === 0 && gpuCount !== undefined) {
      throw new DriverUnavailable('failed', `the driver no longer lists any GPU, it listed ${gpuCount} before`);
    }
    // Indexes may stand for other GPUs now, so nothing that was known about them holds any more.
    for (const gpu of gpus) gpu.drop();
    gpus = Array.from({ length: count }, (_, index) => createGpu({ meter, refused, monotonic, now }, index));
    gpuCount = count;
  }

  inDriver(progress, () => {
    enumerate();
    for (const gpu of without(gpus, skip)) guarded(deps, gpu, () => gpu.open());
  });

  return {
    gpuCount: () => gpuCount ?? 0,
    listed: () => gpus.flatMap(asListed),
    collect: (wanted) =>
      inDriver(progress, () => {
        const takenAtSeconds = now();
        const versions = meter.measure('system', () => {
          enumerate();
          return readVersions(library);
        });
        for (const gpu of gpus) if (wanted.skip.includes(gpu.index)) gpu.rest();
        const read = without(gpus, wanted.skip).map((gpu) => guarded(deps, gpu, () => gpu.read(wanted.tiers)));
        return { takenAtSeconds, tiers: wanted.tiers, versions, gpus: read, costs: meter.take() };
      }),
    close() {
      for (const gpu of gpus) gpu.drop();
    },
  };
}

/** Runs one GPU's part. What goes wrong in it becomes this GPU's failure, unless the driver as a whole is gone. */
function guarded<T>({ progress, report }: WalkDeps, gpu: Gpu, part: () => T): T | GpuReading {
  progress.gpu(gpu.index);
  try {
    return part();
  } catch (error) {
    if (error instanceof DriverUnavailable) throw error;
    gpu.drop();
    if (error instanceof GpuUnavailable) return gpu.failed(nameOf(error.code));
    report(`reading GPU ${gpu.index} failed in the exporter itself: ${error instanceof Error ? error.stack : error}`);
    return gpu.failed('internal_error');
  }
}

function inDriver<T>(progress: Progress, part: () => T): T {
  progress.driver();
  try {
    return part();
  } finally {
    progress.idle();
  }
}

function without(gpus: readonly Gpu[], skip: readonly number[]): readonly Gpu[] {
  return gpus.filter(({ index }) => !skip.includes(index));
}

function asListed({ index, uuid, handle }: Gpu): ListedGpu[] {
  return uuid === undefined || handle === undefined ? [] : [{ index, uuid, handle }];
}
