import type { NvLinkTraffic, Traffic } from '../../../reading.ts';
import { allLinks, type Field, field } from '../fields.ts';
import type { FamilyReader, OpenFamily, OpenGpu } from './family.ts';
import { kibi } from './numbers.ts';
import { linkNumbers } from './nvlinks.ts';
import { createWrappingCounter } from './wrapping-counter.ts';

// NVML_FI_DEV_PCIE_COUNT_TX_BYTES and _RX_BYTES
const pcieTransmit = field(197);
const pcieReceive = field(198);
// By their name in bytes. They wrap, and figures that were published stay below 2^32. Neither is verified on hardware. A counter of
// more bits never goes backwards, so taking it for one of 32 does no harm.
const pcieModulus = 2 ** 32;

interface LinkFields {
  readonly link: number | 'all';
  readonly transmit: Field;
  readonly receive: Field;
}

/** NVML_FI_DEV_NVLINK_THROUGHPUT_DATA_TX and _RX: payload in KiB. */
function linkFields(link: number | 'all', scope: number): LinkFields {
  return { link, transmit: field(138, scope), receive: field(139, scope) };
}

const singleLinks = linkNumbers.map((link) => linkFields(link, link));
const sumOfLinks = linkFields('all', allLinks);

export const traffic: FamilyReader<Traffic> = {
  tier: 'fast',
  fields: [
    pcieTransmit,
    pcieReceive,
    ...[...singleLinks, sumOfLinks].flatMap(({ transmit, receive }) => [transmit, receive]),
  ],
  open: openTraffic,
};

function openTraffic(gpu: OpenGpu): OpenFamily<Traffic> {
  const transmitted = createWrappingCounter(pcieModulus);
  const received = createWrappingCounter(pcieModulus);
  const readLinks = createLinkReader(gpu);

  return {
    read() {
      const pcieTransmitBytes = transmitted(gpu.field(pcieTransmit));
      const pcieReceiveBytes = received(gpu.field(pcieReceive));
      const nvlinks = readLinks();
      const hasNone = pcieTransmitBytes === undefined && pcieReceiveBytes === undefined && nvlinks.length === 0;
      return hasNone ? undefined : { pcieTransmitBytes, pcieReceiveBytes, nvlinks };
    },
  };
}

/** Reads each link, or their sum where the GPU does not tell the links apart. */
function createLinkReader({ device, field: read }: OpenGpu): () => readonly NvLinkTraffic[] {
  const known = new Set<number | 'all'>();

  /** A link that told its bytes once stays, so that whoever adds up the links sees that one is missing. */
  function readLink({ link, transmit, receive }: LinkFields): NvLinkTraffic[] {
    const [transmitBytes, receiveBytes] = [kibi(read(transmit)), kibi(read(receive))];
    if (transmitBytes !== undefined || receiveBytes !== undefined) known.add(link);
    return known.has(link) ? [{ link, transmitBytes, receiveBytes }] : [];
  }

  return () => {
    const links = device.first(
      () => unlessEmpty(singleLinks.flatMap(readLink)),
      () => unlessEmpty(readLink(sumOfLinks)),
    );
    return links ?? [];
  };
}

function unlessEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}
