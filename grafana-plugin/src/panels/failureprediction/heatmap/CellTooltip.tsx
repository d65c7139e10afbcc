import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { HORIZONS } from '../horizon';
import type { RiskRow } from '../rows/risk-row';
import { percentText, shortUuid } from '../texts/format';
import { horizonText, ruleText } from '../texts/words';
import { gpuName } from './describe';

interface Props {
  readonly row: RiskRow;
  /** Of the cell, within the map that is seen. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const ownWidth = 230;

export function CellTooltip({ row, x, y, width, height }: Props) {
  const styles = useStyles2(getStyles);
  const left = Math.max(4, Math.min(x, width - ownWidth - 4));
  const place = y > height / 2 ? { bottom: height - y + 6 } : { top: y + 26 };
  return (
    <div className={styles.box} style={{ left, ...place, width: ownWidth }} data-testid="failure-tooltip">
      <div className={styles.title}>{gpuName(row)}</div>
      <div className={styles.faint}>
        {[shortUuid(row.uuid), row.rack, row.tenant, row.job].filter(Boolean).join(' · ')}
      </div>
      {HORIZONS.map((horizon) => (
        <div key={horizon} className={styles.line}>
          <span>{horizonText(horizon)}</span>
          <span>
            {row.probability[horizon] === undefined
              ? t('failure.noValue', 'no value')
              : percentText(row.probability[horizon])}
            {row.rank[horizon] !== undefined && <span className={styles.faint}> #{row.rank[horizon]}</span>}
          </span>
        </div>
      ))}
      {row.isOut && <div>{t('failure.outOfService', 'out of service')}</div>}
      {row.rules.slice(0, 2).map(({ rule, severity }) => (
        <div key={rule}>{ruleText({ rule, severity })}</div>
      ))}
    </div>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    box: css({
      ...theme.typography.bodySmall,
      position: 'absolute',
      zIndex: theme.zIndex.tooltip,
      pointerEvents: 'none',
      padding: theme.spacing(1),
      background: theme.colors.background.elevated ?? theme.colors.background.secondary,
      border: `1px solid ${theme.colors.border.medium}`,
      borderRadius: theme.shape.radius.default,
      boxShadow: theme.shadows.z2,
      overflowWrap: 'anywhere',
    }),
    title: css({ fontWeight: theme.typography.fontWeightMedium }),
    faint: css({ color: theme.colors.text.secondary }),
    line: css({ display: 'flex', justifyContent: 'space-between' }),
  };
}
