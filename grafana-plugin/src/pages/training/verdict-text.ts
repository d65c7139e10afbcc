import { t } from '@grafana/i18n';
import type { BadgeColor } from '@grafana/ui';
import { asIs } from '../../locales/as-is';
import { formatted, lasting } from '../../scenes/format';
import { type Run, type Verdict, verdictOf } from './runs';

interface VerdictText {
  readonly colour: BadgeColor;
  readonly name: string;
  readonly why: string;
}

/** The verdict on a run in words, and what to look at. */
export function verdictText(run: Run): VerdictText {
  const texts: Readonly<Record<Verdict, () => VerdictText>> = {
    failed: () => ({
      colour: 'red',
      name: t('training.failed', 'failed'),
      why: t('training.failedWhy', 'The end of its log says why.'),
    }),
    not_a_number: () => ({
      colour: 'red',
      name: t('training.nan', 'loss is NaN'),
      why: t('training.nanWhy', 'Go back to a checkpoint from before; look at gradients and data.'),
    }),
    stuck: () => ({
      colour: 'red',
      name: t('training.stuck', 'stuck'),
      why: t(
        'training.stuckWhy',
        'No step for {{silence}}. Look at its GPUs for XIDs, then at the stacks of its ranks.',
        { ...asIs, silence: lasting(run.silentSeconds) },
      ),
    }),
    slow_rank: () => ({
      colour: 'orange',
      name: t('training.slowRank', 'slow rank'),
      why: t('training.slowRankWhy', 'The slowest rank runs at {{share}} of the fastest; all wait for it.', {
        ...asIs,
        share: formatted(run.slowest, 'percentunit', 0),
      }),
    }),
    losing_time: () => ({ colour: 'orange', name: t('training.losing', 'loses time'), why: lostText(run) }),
    waiting: () => ({
      colour: 'blue',
      name: run.phase ?? '',
      why: t('training.waitingWhy', 'It makes no steps in this phase.'),
    }),
    ended: () => ({ colour: 'darkgrey', name: t('training.ended', 'ended'), why: '' }),
    well: () => ({
      colour: 'green',
      name: t('training.well', 'trains'),
      why: t('training.wellWhy', 'Last step {{silence}} ago.', { ...asIs, silence: lasting(run.silentSeconds) }),
    }),
  };
  return texts[verdictOf(run)]();
}

function lostText({ mostLost, goodput }: Run): string {
  const share = formatted(goodput, 'percentunit', 0);
  if (mostLost === undefined)
    return t('training.lossWhy', '{{share}} of the last hour went into steps that last.', { ...asIs, share });
  return t(
    'training.lostWhy',
    '{{share}} of the last hour went into steps that last; most of the rest into {{reason}} ({{ratio}}).',
    {
      ...asIs,
      share,
      reason: mostLost.reason.replaceAll('_', ' '),
      ratio: formatted(mostLost.ratio, 'percentunit', 0),
    },
  );
}
