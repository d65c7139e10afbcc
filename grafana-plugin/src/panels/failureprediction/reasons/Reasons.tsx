import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import type { Contribution } from '../api/read-explained';
import { featureText } from '../texts/feature-words';
import { numberText, timesText } from '../texts/format';
import { type Bar, barsOf, timesOf } from './bars';

interface Props {
  readonly contributions: readonly Contribution[];
}

/** What raises and what lowers the risk, as bars to the right and left, with the reading against its peers. */
export function Reasons({ contributions }: Props) {
  const styles = useStyles2(getStyles);
  const { bars, rest, restCount, base } = barsOf(contributions);
  if (bars.length === 0)
    return (
      <div className={styles.faint} data-testid="failure-no-reasons">
        {t('failure.reasons.none', 'Nothing sets this GPU apart: its probability is the base rate.')}
      </div>
    );
  return (
    <div data-testid="failure-reasons">
      {bars.map((bar) => (
        <ReasonBar key={bar.feature} bar={bar} />
      ))}
      <div className={styles.faint}>
        {restCount > 0 &&
          t('failure.reasons.rest', '{{many}} smaller reasons together: odds {{times}}. ', {
            many: restCount,
            times: timesText(timesOf(rest)),
          })}
        {base?.value !== undefined &&
          t('failure.reasons.base', 'Starts from: {{what}} {{value}}.', {
            what: featureText(base.feature),
            value: numberText(base.value),
          })}
      </div>
    </div>
  );
}

function ReasonBar({ bar }: { readonly bar: Bar }) {
  const styles = useStyles2(getStyles);
  const { feature, value, peerMedian, amount, length, raises } = bar;
  const times = timesText(timesOf(amount));
  return (
    <div className={styles.reason} data-testid="failure-reason" data-feature={feature} title={feature}>
      <div className={styles.words}>
        <span>{featureText(feature)}</span>
        <span className={styles.faint}>
          {value === undefined ? t('failure.reasons.noReading', 'no reading') : numberText(value)}
          {peerMedian !== undefined &&
            t('failure.reasons.peers', ' · peers {{median}}', { median: numberText(peerMedian) })}
        </span>
      </div>
      <div className={styles.track}>
        <div className={styles.half}>
          {!raises && <div className={styles.lowers} style={{ width: `${length * 100}%` }} />}
        </div>
        <div className={styles.half}>
          {raises && <div className={styles.raises} style={{ width: `${length * 100}%` }} />}
        </div>
        <span className={styles.times}>
          {raises
            ? t('failure.reasons.raises', '▲ odds {{times}}', { times })
            : t('failure.reasons.lowers', '▼ odds {{times}}', { times })}
        </span>
      </div>
    </div>
  );
}

function getStyles(theme: GrafanaTheme2) {
  const bar = { height: 10, minWidth: 2 } as const;
  return {
    reason: css({ ...theme.typography.bodySmall, padding: theme.spacing(0.5, 0) }),
    words: css({ display: 'flex', justifyContent: 'space-between', gap: theme.spacing(1), overflowWrap: 'anywhere' }),
    faint: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
    track: css({ display: 'grid', gridTemplateColumns: '1fr 1fr 96px', alignItems: 'center' }),
    half: css({
      display: 'flex',
      background: theme.colors.background.secondary,
      '&:first-of-type': { justifyContent: 'flex-end', borderRight: `1px solid ${theme.colors.border.strong}` },
    }),
    // Orange and blue are told apart by everybody.
    raises: css({ ...bar, background: theme.visualization.getColorByName('semi-dark-orange') }),
    lowers: css({ ...bar, background: theme.visualization.getColorByName('semi-dark-blue') }),
    times: css({ paddingLeft: theme.spacing(1), whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' }),
  };
}
