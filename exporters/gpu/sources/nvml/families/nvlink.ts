import type { NvLink, NvLinkState } from '../../../reading.ts';
import { type Field, field } from '../fields.ts';
import type { FamilyReader, OpenFamily, OpenGpu } from './family.ts';
import { ifAny } from './if-any.ts';
import { asBoolean, asNumber } from './numbers.ts';
import { linkNumbers } from './nvlinks.ts';

interface LinkFields {
  readonly link: number;
  readonly state: Field;
  readonly replays: Field;
  readonly recoveries: Field;
  readonly crcFlits: Field;
}

/**
 * NVML_FI_DEV_NVLINK_GET_STATE, _ERROR_DL_REPLAY, _ERROR_DL_RECOVERY and _ERROR_DL_CRC (Hopper). The data link layer checks flits, so
 * its CRC errors are those of flits. NVLink 5 (Blackwell) has other counters, 201 to 222, which count other things.
 */
const singleLinks: readonly LinkFields[] = linkNumbers.map((link) => ({
  link,
  state: field(165, link),
  replays: field(161, link),
  recoveries: field(162, link),
  crcFlits: field(163, link),
}));

// The _COUNT_TOTAL fields of NVML_FI_DEV_NVLINK_CRC_FLIT_ERROR, _CRC_DATA_ERROR, _REPLAY_ERROR and _RECOVERY_ERROR (before Blackwell)
const total = { crcFlits: field(38), crcData: field(45), replays: field(52), recoveries: field(59) } as const;

// nvmlNvLinkErrorCounter_t
const counter = { replay: 0, recovery: 1, crcFlit: 2, crcData: 3 } as const;

export const nvlink: FamilyReader<NvLink> = {
  tier: 'slow',
  fields: [
    ...singleLinks.flatMap(({ state, replays, recoveries, crcFlits }) => [state, replays, recoveries, crcFlits]),
    ...Object.values(total),
  ],
  open: openNvLink,
};

function openNvLink(gpu: OpenGpu): OpenFamily<NvLink> {
  // From then on the totals would count the same errors twice, also while no link answers.
  let linksToldErrors = false;
  const known = new Set<number>();

  return {
    read() {
      const links = singleLinks.flatMap((fields) => readLink(gpu, known, fields));
      linksToldErrors ||= links.some(hasErrorCounts);
      if (links.length === 0) return undefined;
      const needsTotals = !linksToldErrors && links.some(({ up }) => up);
      return { links: needsTotals ? [...links, ...readTotals(gpu)] : links };
    },
  };
}

/**
 * Nothing for a link that the GPU does not have. One that is `known` stays when its state fails, so that whoever adds up the links sees
 * that one is missing.
 */
function readLink(gpu: OpenGpu, known: Set<number>, fields: LinkFields): NvLinkState[] {
  const { link, state, replays, recoveries, crcFlits } = fields;
  const { device, field: read } = gpu;
  const up = asBoolean(
    device.first(
      () => read(state),
      () => device.u32('nvmlDeviceGetNvLinkState', link),
    ),
  );
  if (up === undefined) return known.has(link) ? [{ link }] : [];
  known.add(link);
  // A link that is down may turn these calls down, and then they would be left out for a while after it came up.
  const ask = (kind: number) => (up ? asNumber(device.u64('nvmlDeviceGetNvLinkErrorCounter', link, kind)) : undefined);
  const count = (counted: Field, kind: number) =>
    device.first(
      () => read(counted),
      () => ask(kind),
    );
  return [
    {
      link,
      up,
      replays: count(replays, counter.replay),
      recoveries: count(recoveries, counter.recovery),
      crcFlitErrors: count(crcFlits, counter.crcFlit),
      crcDataErrors: ask(counter.crcData),
    },
  ];
}

function hasErrorCounts({ link: _link, up: _up, ...counts }: NvLinkState): boolean {
  return ifAny(counts) !== undefined;
}

function readTotals({ field: read }: OpenGpu): NvLinkState[] {
  const counts = ifAny({
    crcFlitErrors: read(total.crcFlits),
    crcDataErrors: read(total.crcData),
    replays: read(total.replays),
    recoveries: read(total.recoveries),
  });
  return counts === undefined ? [] : [{ link: 'all', ...counts }];
}
