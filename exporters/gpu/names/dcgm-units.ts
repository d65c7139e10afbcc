/** A unit of dcgm-exporter: how a value in base units becomes one in it, exactly as DCGM makes it where that is known. */
export interface DcgmUnit {
  readonly name: string;
  readonly of: (base: number) => number;
  /** The same in PromQL, from an expression in base units. */
  readonly promql: (native: string) => string;
}

const asItIs = (name: string): DcgmUnit => ({ name, of: (base) => base, promql: (native) => native });

export const hertz = asItIs('Hz');
export const celsius = asItIs('C');
export const watts = asItIs('W');
export const joules = asItIs('J');
export const seconds = asItIs('s');
export const bytes = asItIs('B');
/** 0 to 1. */
export const ratio = asItIs('0 to 1');
/** A number of things. */
export const count = asItIs('count');
/** 1 for yes, 0 for no. */
export const flag = asItIs('0 or 1');
/** A number that stands for something else, such as an error or a bit mask. */
export const code = asItIs('code');

export const megahertz: DcgmUnit = {
  name: 'MHz',
  of: (base) => base / 1e6,
  promql: (native) => `${native} / 1e6`,
};

/** Whole millijoules, as NVML counts them. */
export const millijoules: DcgmUnit = {
  name: 'mJ',
  of: (base) => Math.round(base * 1000),
  promql: (native) => `${native} * 1000`,
};

/** Whole percent, as NVML measures them. */
export const percent: DcgmUnit = {
  name: '%',
  of: (base) => Math.round(base * 100),
  promql: (native) => `${native} * 100`,
};

/** Whole mebibytes: DCGM divides bytes by 1048576 and drops the rest. */
export const mebibytes: DcgmUnit = {
  name: 'MiB',
  of: (base) => Math.floor(base / 1_048_576),
  promql: (native) => `floor(${native} / 1048576)`,
};

/** DCGM divides KiB/s by 1000 and calls that MB/s, so one of it is 1,024,000 bytes per second. */
export const megabytesPerSecond: DcgmUnit = {
  name: 'MB/s',
  of: (base) => base / 1_024_000,
  promql: (native) => `(${native}) / 1024000`,
};

/** Whole bytes per second. */
export const bytesPerSecond: DcgmUnit = {
  name: 'B/s',
  of: Math.round,
  promql: (native) => native,
};

/** Whole nanoseconds, as NVML counts them. */
export const nanoseconds: DcgmUnit = {
  name: 'ns',
  of: (base) => Math.round(base * 1e9),
  promql: (native) => `${native} * 1e9`,
};
