import { vanishedAfterMs } from '../../labels/lost-signs.ts';
import { type Rule, sources } from './rule.ts';

/** Of the last hour. Ours: half of the scrapes gone is no hiccup. */
const missingLimit = 0.5;

export const presenceRules: readonly Rule[] = [
  {
    rule: 'off_the_bus',
    severity: 'act_now',
    action: 'restart_node',
    source: sources.nvml,
    sentence: ({ isOffTheBus }) =>
      isOffTheBus === true
        ? 'The driver says that the GPU is lost. Only a reboot of the node brings it back.'
        : undefined,
  },
  {
    rule: 'vanished_series',
    severity: 'act_now',
    action: 'investigate',
    source: sources.ours,
    sentence: ({ atMs, vanishedSinceMs = Number.POSITIVE_INFINITY }) =>
      atMs - vanishedSinceMs >= vanishedAfterMs
        ? `Its series ended ${Math.round((atMs - vanishedSinceMs) / 60_000)} minutes ago, while others of its node go on.`
        : undefined,
  },
  {
    rule: 'scrape_gaps',
    severity: 'act_now',
    action: 'investigate',
    source: sources.ours,
    sentence: ({ missingScrapes = 0 }) =>
      missingScrapes >= missingLimit
        ? `${Math.round(missingScrapes * 100)} % of the readings of the last hour are not there.`
        : undefined,
  },
];
