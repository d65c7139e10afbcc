/** What every simulated server is built of, as its kernel, its firmware and Kubernetes tell it alike. */
export const machine = {
  kernel: '6.8.0-60-generic',
  os: { prettyName: 'Ubuntu 24.04.2 LTS', id: 'ubuntu', versionId: '24.04' },
  memoryBytes: 2_113_424_576 * 1024,
  /** Adapters of 400 Gbit/s, RoCE: eth0 is mlx5_0, and so on. The first two are one bond. */
  adapters: 4,
  adapterBytesPerSecond: 50e9,
  disks: 4,
  diskBytes: 3_840_755_982_336,
} as const;

/** Logical CPUs, one for each core: twelve for each GPU, and enough for what shares a single one. */
export function cpusOf({ gpus }: { readonly gpus: number }): number {
  return Math.max(24, 12 * gpus);
}
