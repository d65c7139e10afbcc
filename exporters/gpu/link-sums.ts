import type { GpuReading, NodeReading, NvLink, NvLinkState, NvLinkTraffic, Traffic } from './reading.ts';

/** The reading with one sum over all NVLink links of a GPU in place of the bytes and errors of each; their states stay. */
export function withLinkSums(reading: NodeReading): NodeReading {
  return { ...reading, gpus: reading.gpus.map(summed) };
}

function summed(gpu: GpuReading): GpuReading {
  return {
    ...gpu,
    ...(gpu.traffic !== undefined && { traffic: traffic(gpu.traffic) }),
    ...(gpu.nvlink !== undefined && { nvlink: nvlink(gpu.nvlink) }),
  };
}

function traffic({ nvlinks, ...rest }: Traffic): Traffic {
  if (nvlinks.length === 0) return { ...rest, nvlinks };
  const sum = (key: keyof Omit<NvLinkTraffic, 'link'>) => total(nvlinks.map((link) => link[key]));
  return {
    ...rest,
    nvlinks: [{ link: 'all', transmitBytes: sum('transmitBytes'), receiveBytes: sum('receiveBytes') }],
  };
}

function nvlink({ links }: NvLink): NvLink {
  // Where the GPU gives the sum itself, its links do not tell their part of it.
  const ofGpu = links.find(({ link }) => link === 'all');
  const sum = (key: keyof Omit<NvLinkState, 'link' | 'up'>) =>
    ofGpu === undefined ? total(links.map((link) => link[key])) : ofGpu[key];
  return {
    links: [
      ...links.filter(({ up }) => up !== undefined).map(({ link, up }) => ({ link, up })),
      {
        link: 'all',
        crcFlitErrors: sum('crcFlitErrors'),
        crcDataErrors: sum('crcDataErrors'),
        replays: sum('replays'),
        recoveries: sum('recoveries'),
      },
    ],
  };
}

/** Undefined unless every link told its value: a sum that misses one for once would look like a counter that was reset. */
function total(values: readonly (number | undefined)[]): number | undefined {
  return values.reduce((sum, value) => (sum === undefined || value === undefined ? undefined : sum + value), 0);
}
