/**
 * What a source hands to the collectors: plain data in base units. A value that the hardware does not have, or that could not be
 * read, is undefined; 0 is a measured zero.
 */

/** How often a group of readings is taken: each tier has its own interval. */
export const tiers = ['fast', 'slow', 'processes'] as const;
export type Tier = (typeof tiers)[number];

/** Groups of readings that are taken together. A family whose one call failed shows the rest and is named in `errors`. */
export const families = [
  'utilization',
  'memory',
  'thermal',
  'power',
  'clocks',
  'throttle',
  'engines',
  'activity',
  'traffic',
  'mig',
  'fan',
  'pcie',
  'nvlink',
  'ecc',
  'rows',
  'pages',
  'recovery',
  'modes',
  'vgpu',
  'processes',
] as const;
export type Family = (typeof families)[number];

/** In the order of NVML's bits from 0x1 on; `unknown` stands for every bit that is not named here. */
export const clockEventReasons = [
  'gpu_idle',
  'app_clocks_setting',
  'sw_power_cap',
  'hw_slowdown',
  'sync_boost',
  'sw_thermal',
  'hw_thermal',
  'hw_power_brake',
  'display_clocks',
  'board_limit',
  'reliability',
  'unknown',
] as const;
export type ClockEventReason = (typeof clockEventReasons)[number];

/** In the order of NVML's performance policies (nvmlPerfPolicyType_t, fields 74 to 79). */
export const throttleReasons = ['power', 'thermal', 'sync_boost', 'board_limit', 'low_util', 'reliability'] as const;
export type ThrottleReason = (typeof throttleReasons)[number];

/** By nvmlComputeMode_t. */
export const computeModes = ['default', 'exclusive_thread', 'prohibited', 'exclusive_process'] as const;
export type ComputeMode = (typeof computeModes)[number];

/** By the value of field 230, newer ones than these as unknown. */
export const recoveryActions = [
  'none',
  'gpu_reset',
  'node_reboot',
  'drain_p2p',
  'drain_and_reset',
  'recover_imex_domain',
  'bus_reset',
  'system_reboot',
  'unknown',
] as const;
export type RecoveryAction = (typeof recoveryActions)[number];

export interface Identity {
  readonly model?: string | undefined;
  readonly serial?: string | undefined;
  readonly pciBusId?: string | undefined;
  readonly vbios?: string | undefined;
  /** N of /dev/nvidiaN. */
  readonly minor?: number | undefined;
}

export interface Utilization {
  readonly gpuRatio: number;
  readonly memoryControllerRatio: number;
}

export interface Memory {
  readonly totalBytes: number;
  readonly usedBytes: number;
  readonly freeBytes: number;
  readonly reservedBytes?: number | undefined;
}

export interface Thermal {
  readonly coreCelsius?: number | undefined;
  readonly memoryCelsius?: number | undefined;
  readonly slowdownCelsius?: number | undefined;
  readonly shutdownCelsius?: number | undefined;
  readonly memoryMaxCelsius?: number | undefined;
}

export interface Power {
  /** Averaged by the board over a second or so. */
  readonly watts?: number | undefined;
  readonly instantWatts?: number | undefined;
  readonly energyJoules?: number | undefined;
  readonly limitWatts: {
    readonly enforced?: number | undefined;
    readonly default?: number | undefined;
    readonly min?: number | undefined;
    readonly max?: number | undefined;
  };
}

export interface Clocks {
  readonly smHertz?: number | undefined;
  readonly smMaxHertz?: number | undefined;
  readonly memoryHertz?: number | undefined;
  readonly memoryMaxHertz?: number | undefined;
  /** The reasons that are active now; undefined where the driver does not tell. */
  readonly activeReasons?: readonly ClockEventReason[] | undefined;
}

/** Seconds since the driver was loaded for which each reason held the clocks down. */
export type Throttle = { readonly [R in ThrottleReason]?: number | undefined };

/** Shares of time in which engines beside the streaming multiprocessors worked, 0 to 1. */
export interface Engines {
  readonly encoderRatio?: number | undefined;
  readonly decoderRatio?: number | undefined;
  readonly jpegRatio?: number | undefined;
  readonly ofaRatio?: number | undefined;
}

/** GPM metrics over the time between this reading and the one before; ratios are 0 to 1. */
export interface Activity {
  readonly graphicsRatio?: number | undefined;
  readonly smRatio?: number | undefined;
  readonly smOccupancyRatio?: number | undefined;
  readonly tensorRatio?: number | undefined;
  readonly integerRatio?: number | undefined;
  readonly dramRatio?: number | undefined;
  readonly fp64Ratio?: number | undefined;
  readonly fp32Ratio?: number | undefined;
  readonly fp16Ratio?: number | undefined;
  readonly pcieTransmitBytesPerSecond?: number | undefined;
  readonly pcieReceiveBytesPerSecond?: number | undefined;
  readonly nvlinkTransmitBytesPerSecond?: number | undefined;
  readonly nvlinkReceiveBytesPerSecond?: number | undefined;
}

/** Bytes: those of NVLink since the driver was loaded, those of PCIe since the GPU was read first. */
export interface Traffic {
  readonly pcieTransmitBytes?: number | undefined;
  readonly pcieReceiveBytes?: number | undefined;
  readonly nvlinks: readonly NvLinkTraffic[];
}

export interface NvLinkTraffic {
  /** Number of the link, or all where the GPU only gives the sum. */
  readonly link: number | 'all';
  readonly transmitBytes?: number | undefined;
  readonly receiveBytes?: number | undefined;
}

/** A MIG device: a compute instance in a GPU instance. */
export interface MigInstance {
  readonly gpuInstanceId: number;
  readonly computeInstanceId: number;
  readonly uuid: string;
  readonly profile?: string | undefined;
  /** Of the whole GPU instance. */
  readonly memory?: Memory | undefined;
  /** Of the whole GPU instance. */
  readonly activity?: Activity | undefined;
}

export interface Mig {
  readonly enabled: boolean;
  readonly pendingEnabled?: boolean | undefined;
  readonly instances: readonly MigInstance[];
}

export interface Fan {
  readonly ratio: number;
}

export interface Pcie {
  readonly generation?: number | undefined;
  readonly generationMax?: number | undefined;
  readonly width?: number | undefined;
  readonly widthMax?: number | undefined;
  readonly replays?: number | undefined;
}

export interface Ecc {
  readonly correctableVolatile?: number | undefined;
  readonly uncorrectableVolatile?: number | undefined;
  readonly correctableAggregate?: number | undefined;
  readonly uncorrectableAggregate?: number | undefined;
}

export interface NvLink {
  readonly links: readonly NvLinkState[];
}

export interface NvLinkState {
  /** Number of the link, or all where the GPU only gives the sum. */
  readonly link: number | 'all';
  readonly up?: boolean | undefined;
  readonly crcFlitErrors?: number | undefined;
  readonly crcDataErrors?: number | undefined;
  readonly replays?: number | undefined;
  readonly recoveries?: number | undefined;
}

/** Remapped memory rows (Ampere and newer). */
export interface Rows {
  readonly correctable?: number | undefined;
  readonly uncorrectable?: number | undefined;
  readonly pending?: boolean | undefined;
  readonly failure?: boolean | undefined;
  /** Number of memory banks by how many spare rows they have left. */
  readonly banks?:
    | {
        readonly max: number;
        readonly high: number;
        readonly partial: number;
        readonly low: number;
        readonly none: number;
      }
    | undefined;
}

/** Retired memory pages (Volta and older). */
export interface Pages {
  readonly correctable?: number | undefined;
  readonly uncorrectable?: number | undefined;
  readonly pending?: boolean | undefined;
}

export interface Recovery {
  readonly action: RecoveryAction;
}

export interface Modes {
  readonly compute?: ComputeMode | undefined;
  readonly persistence?: boolean | undefined;
  readonly ecc?: boolean | undefined;
  readonly eccPending?: boolean | undefined;
}

export interface Vgpu {
  readonly licensed: boolean;
}

export interface GpuProcess {
  /** In the process namespace of the driver, which is the host's. */
  readonly pid: number;
  /** The MIG GPU instance that it runs on. */
  readonly gpuInstanceId?: number | undefined;
  /** Undefined where the driver does not tell. */
  readonly usedMemoryBytes?: number | undefined;
  /** Share of time in which it computed since the processes were read before, 0 to 1. */
  readonly smRatio?: number | undefined;
}

export interface Processes {
  readonly list: readonly GpuProcess[];
  /** False where the driver does not measure the time of single processes, as in MIG mode. */
  readonly smMeasured: boolean;
}

export interface GpuReading {
  readonly index: number;
  readonly uuid: string;
  readonly identity: Identity;
  /** Why the whole GPU did not answer, as an NVML error in snake_case such as gpu_is_lost; then there are no families. */
  readonly failure?: string | undefined;
  /** Families that failed for another reason than being unsupported, with the NVML error in snake_case. */
  readonly errors: { readonly [F in Family]?: string };
  readonly utilization?: Utilization | undefined;
  readonly memory?: Memory | undefined;
  readonly thermal?: Thermal | undefined;
  readonly power?: Power | undefined;
  readonly clocks?: Clocks | undefined;
  readonly throttle?: Throttle | undefined;
  readonly engines?: Engines | undefined;
  readonly activity?: Activity | undefined;
  readonly traffic?: Traffic | undefined;
  readonly mig?: Mig | undefined;
  readonly fan?: Fan | undefined;
  readonly pcie?: Pcie | undefined;
  readonly nvlink?: NvLink | undefined;
  readonly ecc?: Ecc | undefined;
  readonly rows?: Rows | undefined;
  readonly pages?: Pages | undefined;
  readonly recovery?: Recovery | undefined;
  readonly modes?: Modes | undefined;
  readonly vgpu?: Vgpu | undefined;
  readonly processes?: Processes | undefined;
}

export interface DriverVersions {
  readonly driver?: string | undefined;
  /** Highest CUDA version that the driver supports, such as 12.8. */
  readonly cuda?: string | undefined;
  readonly nvml?: string | undefined;
}

/** What a family of readings cost: driver calls and the time that they took. */
export interface Cost {
  readonly calls: number;
  readonly seconds: number;
}
export type Costs = Readonly<Record<string, Cost>>;

/**
 * One collection over all GPUs of a node. Families of tiers that were not due are those of the last collection in which they were;
 * a tier that failed has nothing to show until it works again.
 */
export interface NodeReading {
  /** Unix time in seconds. */
  readonly takenAtSeconds: number;
  /** The tiers that were read in this collection. */
  readonly tiers: readonly Tier[];
  /** Of this collection, by family or `fields_<tier>`. */
  readonly costs: Costs;
  readonly versions: DriverVersions;
  readonly gpus: readonly GpuReading[];
}

/** One XID error that the driver reported. */
export interface XidEvent {
  readonly uuid: string;
  readonly index: number;
  readonly xid: number;
  /** The MIG GPU instance that it concerns. */
  readonly gpuInstanceId?: number | undefined;
  /** Unix time in seconds. */
  readonly atSeconds: number;
}
