import { noise } from '../../exporters/gpu/sources/simulated/random.ts';

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
  adapterModel: 'MT4129',
  adapterFirmware: '28.43.2026',
  adapterBoard: 'MT_0000000838',
} as const;

/** Logical CPUs, one for each core: twelve for each GPU, and enough for what shares a single one. */
export function cpusOf({ gpus }: { readonly gpus: number }): number {
  return Math.max(24, 12 * gpus);
}

/** MAC address of port 0, which is the management controller, or of an adapter, from 1. Locally administered, so that it is nobody's. */
export function macOf(seed: number, node: number, port: number): string {
  const tail = Math.floor(noise(seed, node, 220) * 0x100)
    .toString(16)
    .padStart(2, '0');
  const number = (node * 16 + port).toString(16).padStart(6, '0');
  return `02:f1:${tail}:${number.slice(0, 2)}:${number.slice(2, 4)}:${number.slice(4, 6)}`;
}
