/** Conversions of NVML's units that leave a missing value missing. */
export function milli(value: number | undefined): number | undefined {
  return value === undefined ? undefined : value / 1000;
}

export function mega(value: number | undefined): number | undefined {
  return value === undefined ? undefined : value * 1e6;
}

export function percent(value: number | undefined): number | undefined {
  return value === undefined ? undefined : value / 100;
}

export function asNumber(value: bigint | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}

export function asBoolean(value: number | undefined): boolean | undefined {
  return value === undefined ? undefined : value !== 0;
}

export function nano(value: number | undefined): number | undefined {
  return value === undefined ? undefined : value / 1e9;
}

export function kibi(value: number | undefined): number | undefined {
  return value === undefined ? undefined : value * 1024;
}
