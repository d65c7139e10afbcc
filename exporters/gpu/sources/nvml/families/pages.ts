import type { Pages } from '../../../reading.ts';
import { field } from '../fields.ts';
import { type OpenGpu, stateless } from './family.ts';
import { ifAny } from './if-any.ts';
import { asBoolean } from './numbers.ts';

// NVML_FI_DEV_RETIRED_SBE, _DBE, _PENDING
const retired = { correctable: field(29), uncorrectable: field(30), pending: field(31) } as const;

export const pages = stateless('slow', Object.values(retired), readPages);

function readPages({ field: read }: OpenGpu): Pages | undefined {
  return ifAny({
    correctable: read(retired.correctable),
    uncorrectable: read(retired.uncorrectable),
    pending: asBoolean(read(retired.pending)),
  });
}
