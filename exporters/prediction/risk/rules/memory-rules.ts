import type { EntityFacts } from '../facts.ts';
import { type Rule, sources } from './rule.ts';

/** Limits of DCGM 4.6.0. That 8 remaps are too many is a common mistake: the driver's flag is the criterion, and up to 512 are legal. */
const remapLimit = 512;
const retiredLimit = 63;
const doubleBitLimit = 15;

export const memoryRules: readonly Rule[] = [
  {
    rule: 'row_remap_failure',
    severity: 'act_now',
    action: 'contact_support',
    source: sources.memory,
    sentence: ({ hasRowRemapping, hasRemapFailed }) =>
      hasRowRemapping !== false && hasRemapFailed === true
        ? "Remapping of a memory row has failed. This meets NVIDIA's RMA criterion; confirm it with the field diagnostic."
        : undefined,
  },
  {
    rule: 'row_remap_pending',
    severity: 'next_window',
    action: 'reset_gpu',
    source: sources.nvml,
    sentence: ({ hasRowRemapping, isRemapPending }) =>
      hasRowRemapping !== false && isRemapPending === true
        ? 'A memory row waits to be remapped. Work may go on; a reset of the GPU makes the remap effective.'
        : undefined,
  },
  {
    rule: 'row_remap_limit',
    severity: 'next_window',
    action: 'contact_support',
    source: sources.dcgm,
    sentence: ({ hasRowRemapping, uncorrectableRemaps = 0 }) =>
      hasRowRemapping !== false && uncorrectableRemaps >= remapLimit
        ? `${uncorrectableRemaps} rows were remapped because of uncorrectable errors, of ${remapLimit} that a GPU may have. Run the field diagnostic.`
        : undefined,
  },
  {
    rule: 'memory_unrepairable',
    severity: 'act_now',
    action: 'contact_support',
    source: sources.dcgm,
    sentence: ({ isMemoryUnrepairable }) =>
      isMemoryUnrepairable === true
        ? 'The driver says that the memory cannot be repaired. Run the field diagnostic.'
        : undefined,
  },
  {
    rule: 'sram_threshold',
    severity: 'act_now',
    action: 'contact_support',
    source: sources.nvml,
    sentence: ({ isSramThresholdExceeded }) =>
      isSramThresholdExceeded === true
        ? 'Uncorrectable errors of the SRAM exceed the threshold of the driver. Run the field diagnostic.'
        : undefined,
  },
  {
    rule: 'retired_pages',
    severity: 'act_now',
    action: 'contact_support',
    source: sources.dcgm,
    sentence: retiredPages,
  },
  {
    rule: 'retirement_pending',
    severity: 'next_window',
    action: 'reset_gpu',
    source: sources.nvml,
    sentence: ({ isRetirementPending }) =>
      isRetirementPending === true
        ? 'Memory pages wait to be retired. A reset of the GPU makes it effective.'
        : undefined,
  },
];

/** Boards with row remapping retire no pages. */
function retiredPages(facts: EntityFacts): string | undefined {
  const { hasRowRemapping, retiredPages: pages = 0, doubleBitPages = 0, doubleBitPagesOfWeek = 0 } = facts;
  if (hasRowRemapping === true) return undefined;
  if (pages >= retiredLimit)
    return `${pages} memory pages are retired; from ${retiredLimit} on the board is to be replaced.`;
  if (doubleBitPages <= doubleBitLimit || doubleBitPagesOfWeek <= 1) return undefined;
  return `${doubleBitPages} memory pages are retired because of double-bit errors, ${doubleBitPagesOfWeek} of them within a week.`;
}
