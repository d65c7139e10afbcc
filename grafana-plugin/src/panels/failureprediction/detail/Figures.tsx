import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Tooltip, useStyles2 } from '@grafana/ui';
import React from 'react';
import { HORIZONS, type Horizon } from '../horizon';
import type { Fleet } from '../rows/fleet';
import type { RiskRow } from '../rows/risk-row';
import { rangeAbout } from '../table/RiskTable';
import { percentText, rangeText, timesText } from '../texts/format';
import { horizonText, layerText } from '../texts/words';
import { Badge } from '../view/Badge';

interface Props {
  readonly row: RiskRow;
  readonly fleet: Fleet;
  readonly total: number;
  readonly horizon: Horizon;
  readonly decimals: number | null | undefined;
}

/** The probability of each horizon: how sure, against the base rate, and its place in the fleet. */
export function Figures(props: Props) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.figures}>
      {HORIZONS.map((horizon) => (
        <Figure key={horizon} {...props} of={horizon} />
      ))}
    </div>
  );
}

function Figure({ row, fleet, total, horizon, decimals, of }: Props & { readonly of: Horizon }) {
  const styles = useStyles2(getStyles);
  const probability = row.probability[of];
  const base = fleet.baseProbability[of];
  const range = row.range[of];
  const layer = row.layer[of] ?? fleet.layer[of];
  const words = layer === undefined ? undefined : layerText(layer);
  return (
    <div className={cx(styles.figure, of === horizon && styles.chosen)} data-testid={`failure-figure-${of}`}>
      <div className={styles.faint}>{t('failure.within', 'Within {{horizon}}', { horizon: horizonText(of) })}</div>
      <div className={styles.value}>
        {probability === undefined ? t('failure.noValue', 'no value') : percentText(probability, decimals)}
      </div>
      {range !== undefined && (
        <Tooltip content={rangeAbout()}>
          <button type="button" className={styles.range}>
            {rangeText(range)}
          </button>
        </Tooltip>
      )}
      {probability !== undefined && base !== undefined && base > 0 && (
        <div className={styles.faint}>
          {t('failure.ofBase', '{{times}} the base rate', { times: timesText(probability / base) })}
        </div>
      )}
      {row.rank[of] !== undefined && (
        <div className={styles.faint}>
          {t('failure.rankOf', 'Rank {{rank}} of {{total}}', {
            rank: row.rank[of].toLocaleString(),
            total: total.toLocaleString(),
          })}
        </div>
      )}
      {words !== undefined && <Badge text={words.name} about={words.about} testId={`failure-layer-${of}`} />}
    </div>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    figures: css({ display: 'grid', gridTemplateColumns: 'repeat(3, 1fr)', gap: theme.spacing(0.5) }),
    figure: css({
      padding: theme.spacing(0.75),
      borderRadius: theme.shape.radius.default,
      border: `1px solid ${theme.colors.border.weak}`,
      minWidth: 0,
    }),
    chosen: css({ borderColor: theme.colors.primary.border }),
    value: css({ ...theme.typography.h4, margin: 0, fontVariantNumeric: 'tabular-nums' }),
    range: css({
      ...theme.typography.bodySmall,
      background: 'none',
      border: 0,
      padding: 0,
      textAlign: 'left',
      color: theme.colors.text.secondary,
    }),
    faint: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
  };
}
