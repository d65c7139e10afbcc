import type { NvLink, NvLinkTraffic } from '../../reading.ts';
import { board } from './board.ts';
import type { LinkFault } from './scenarios.ts';

interface Link {
  up: boolean;
  bytes: number;
  crcFlitErrors: number;
  replays: number;
  recoveries: number;
}

/** The NVLink links of one GPU. */
export interface Links {
  /** One second, in which the links are to carry so many bytes in each direction in equal parts. */
  readonly step: (bytes: number, fault: LinkFault | undefined) => void;
  /** What the links carried in the last second in each direction: less than asked while one is down. */
  readonly bytesPerSecond: () => number;
  readonly traffic: () => readonly NvLinkTraffic[];
  readonly nvlink: () => NvLink;
}

/** NVML counts payload in KiB. */
const unit = 1024;

export function createLinks(): Links {
  const links: readonly Link[] = Array.from({ length: board.nvlinks }, () => ({
    up: true,
    bytes: 0,
    crcFlitErrors: 0,
    replays: 0,
    recoveries: 0,
  }));
  let carried = 0;

  function strike(link: Link, { down = false, crcErrors = 0, replays = 0, recoveries = 0 }: LinkFault): void {
    link.up = !down;
    link.crcFlitErrors += crcErrors;
    link.replays += replays;
    link.recoveries += recoveries;
  }

  return {
    step: (bytes, fault) => {
      const part = bytes / board.nvlinks;
      carried = 0;
      for (const [number, link] of links.entries()) {
        if (fault?.link === number) strike(link, fault);
        else link.up = true;
        if (!link.up) continue;
        link.bytes += part;
        carried += part;
      }
    },
    bytesPerSecond: () => Math.round(carried),
    traffic: () =>
      links.map(({ bytes }, link) => {
        const counted = Math.floor(bytes / unit) * unit;
        return { link, transmitBytes: counted, receiveBytes: counted };
      }),
    nvlink: () => ({
      links: links.map(({ bytes: _bytes, ...state }, link) => ({ link, ...state, crcDataErrors: 0 })),
    }),
  };
}
