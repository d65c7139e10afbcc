import type { GpuReading, NodeReading, NvLink, NvLinkState, NvLinkTraffic, Traffic } from './reading.ts';

type TrafficKey = keyof Omit<NvLinkTraffic, 'link'>;
type ErrorKey = keyof Omit<NvLinkState, 'link' | 'up'>;

/**
 * Puts one sum over all NVLink links of a GPU in place of the bytes and errors of each; their states stay. A link that does not tell
 * counts with what it told last: a sum that misses it for once would look like a counter that was reset.
 */
export function createLinkSums(): (reading: NodeReading) => NodeReading {
  const last = new Map<string, number>();

  function total<K extends string>(
    uuid: string,
    key: K,
    links: readonly ({ readonly link: number | 'all' } & { readonly [P in K]?: number | undefined })[],
  ): number | undefined {
    // Where the GPU gives the sum itself, its links do not tell their part of it.
    const ofGpu = links.find(({ link }) => link === 'all');
    if (ofGpu !== undefined) return ofGpu[key];
    const known = links.flatMap((each) => {
      const id = `${uuid} ${each.link} ${key}`;
      const value = each[key] ?? last.get(id);
      if (value === undefined) return [];
      last.set(id, value);
      return [value];
    });
    return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0);
  }

  function traffic(uuid: string, { nvlinks, ...rest }: Traffic): Traffic {
    if (nvlinks.length === 0) return { ...rest, nvlinks };
    const sum = (key: TrafficKey) => total(uuid, key, nvlinks);
    return {
      ...rest,
      nvlinks: [{ link: 'all', transmitBytes: sum('transmitBytes'), receiveBytes: sum('receiveBytes') }],
    };
  }

  function nvlink(uuid: string, { links }: NvLink): NvLink {
    const sum = (key: ErrorKey) => total(uuid, key, links);
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

  function summed(gpu: GpuReading): GpuReading {
    return {
      ...gpu,
      ...(gpu.traffic !== undefined && { traffic: traffic(gpu.uuid, gpu.traffic) }),
      ...(gpu.nvlink !== undefined && { nvlink: nvlink(gpu.uuid, gpu.nvlink) }),
    };
  }

  return (reading) => ({ ...reading, gpus: reading.gpus.map(summed) });
}
