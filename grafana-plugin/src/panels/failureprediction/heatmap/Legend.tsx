import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import type { Scale } from '../colour/scale';
import { percentText, timesText } from '../texts/format';

interface Props {
  readonly scale: Scale;
  readonly base: number | undefined;
}

/** What the colours mean, from the least to the most. */
export function Legend({ scale, base }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.legend} data-testid="failure-legend">
      {scale.by === 'base' && (
        <span>{t('failure.legend.base', 'Of the base rate {{rate}}:', { rate: percentText(base ?? 0) })}</span>
      )}
      {scale.steps.map(({ from, colour }, at) => (
        <span key={from} className={styles.step} title={`≥ ${percentText(from)}`}>
          <span className={styles.swatch} style={{ background: colour }} />
          {labelOf(scale, at, base)}
        </span>
      ))}
      <span className={styles.step}>
        <span className={styles.hollow} />
        {t('failure.noValue', 'no value')}
      </span>
      <span className={styles.step}>
        <span aria-hidden>✕</span>
        {t('failure.outOfService', 'out of service')}
      </span>
      <span className={styles.step}>
        <span aria-hidden>◥</span>
        {t('failure.severity.actNow', 'Act now')}
      </span>
    </div>
  );
}

function labelOf({ steps, by }: Scale, at: number, base: number | undefined): string {
  const text = (from: number) => (by === 'base' && base ? timesText(from / base) : percentText(from));
  const [own, next] = [steps[at], steps[at + 1]];
  if (own === undefined) return '';
  if (at === 0 && next !== undefined) return `< ${text(next.from)}`;
  return `≥ ${text(own.from)}`;
}

function getStyles(theme: GrafanaTheme2) {
  const swatch = { display: 'inline-block', width: 12, height: 12, border: `1px solid ${theme.colors.border.medium}` };
  return {
    legend: css({
      ...theme.typography.bodySmall,
      display: 'flex',
      flexWrap: 'wrap',
      gap: theme.spacing(0.25, 1),
      padding: theme.spacing(0.5, 0),
      color: theme.colors.text.secondary,
    }),
    step: css({ display: 'inline-flex', alignItems: 'center', gap: 4, whiteSpace: 'nowrap' }),
    swatch: css(swatch),
    hollow: css({ ...swatch, borderColor: theme.colors.border.strong }),
  };
}
