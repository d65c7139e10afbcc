/**
 * What a source hands to the collectors: plain data in base units. A value that the hardware does not have, or that could not be
 * read, is undefined; 0 is a measured zero.
 */

/** Groups of readings that are taken together. A family whose one call failed shows the rest and is named in `errors`. */
export const families = ['utilization', 'memory', 'thermal', 'power', 'clocks', 'fan', 'pcie', 'ecc'] as const;
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

export interface Identity {
  readonly model?: string | undefined;
  readonly serial?: string | undefined;
  readonly pciBusId?: string | undefined;
  readonly vbios?: string | undefined;
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
  readonly watts?: number | undefined;
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
  readonly fan?: Fan | undefined;
  readonly pcie?: Pcie | undefined;
  readonly ecc?: Ecc | undefined;
}

export interface DriverVersions {
  readonly driver?: string | undefined;
  /** Highest CUDA version that the driver supports, such as 12.8. */
  readonly cuda?: string | undefined;
  readonly nvml?: string | undefined;
}

/** One collection over all GPUs of a node. */
export interface NodeReading {
  /** Unix time in seconds. */
  readonly takenAtSeconds: number;
  readonly versions: DriverVersions;
  readonly gpus: readonly GpuReading[];
}

/** One XID error that the driver reported. */
export interface XidEvent {
  readonly uuid: string;
  readonly index: number;
  readonly xid: number;
  /** Unix time in seconds. */
  readonly atSeconds: number;
}
