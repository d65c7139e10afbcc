import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import type { Contribution } from '../api/read-explained';
import { colourAt, type Scale } from '../colour/scale';
import type { Horizon } from '../horizon';
import type { RiskRow } from '../rows/risk-row';
import { adviceOf } from '../rules/action-of';
import { featureText } from '../texts/feature-words';
import { durationText, percentText, rangeText, shortUuid } from '../texts/format';
import { actionText, ruleText, severityText } from '../texts/words';
import { type Column, isHorizon } from './columns';

export interface CellContext {
  readonly horizon: Horizon;
  readonly scale: Scale;
  readonly decimals: number | null | undefined;
  readonly noValue: string;
  readonly nowMs: number;
  readonly staleMs: number;
  readonly topReasons: ReadonlyMap<string, Contribution>;
}

interface Props {
  readonly column: Column;
  readonly row: RiskRow;
  readonly context: CellContext;
}

export function Cell({ column, row, context }: Props) {
  const styles = useStyles2(getStyles);
  if (isHorizon(column)) return <Probability horizon={column} row={row} context={context} />;
  const text = texts[column](row, context);
  const isGrave =
    (column === 'action' && row.rules[0]?.severity === 'act_now') || (column === 'age' && isStale(row, context));
  return (
    <span className={isGrave ? styles.grave : styles.text} title={column === 'gpu' ? row.uuid : text}>
      {text}
    </span>
  );
}

type Text = (row: RiskRow, context: CellContext) => string;

const texts: Readonly<Record<Exclude<Column, Horizon>, Text>> = {
  rank: ({ rank, alertRank }, { horizon }) =>
    rank[horizon] === undefined ? '–' : `${rank[horizon].toLocaleString()}${alertRank === undefined ? '' : ' ●'}`,
  gpu: ({ uuid }) => shortUuid(uuid),
  place: ({ node, gpuIndex, rack }) =>
    [gpuIndex === undefined ? node : `${node} · ${gpuIndex}`, rack].filter(Boolean).join(' · '),
  holder: ({ tenant, job }) => [tenant, job].filter(Boolean).join(' · ') || '–',
  range: ({ range }, { horizon, noValue }) =>
    range[horizon] === undefined ? noValue || '–' : rangeText(range[horizon]),
  reason: (row, { topReasons }) => reasonText(row, topReasons),
  action: (row) => {
    const { action, because } = adviceOf(row);
    if (action === 'none') return '–';
    return because === undefined ? actionText(action) : `${severityText(because.severity)}: ${actionText(action)}`;
  },
  age: ({ atMs }, { nowMs }) => (atMs === undefined ? '–' : durationText(nowMs - atMs)),
};

/** A fact comes before what a model weighs. */
function reasonText(row: RiskRow, topReasons: CellContext['topReasons']): string {
  const [rule] = row.rules;
  if (rule !== undefined) return ruleText({ rule: rule.rule, severity: rule.severity });
  const top = topReasons.get(row.key);
  return top === undefined ? '–' : featureText(top.feature);
}

export function isStale({ atMs }: RiskRow, { nowMs, staleMs }: Pick<CellContext, 'nowMs' | 'staleMs'>): boolean {
  return atMs !== undefined && nowMs - atMs > staleMs;
}

interface ProbabilityProps extends Omit<Props, 'column'> {
  readonly horizon: Horizon;
}

function Probability({ horizon, row, context }: ProbabilityProps) {
  const styles = useStyles2(getStyles);
  const probability = row.probability[horizon];
  if (probability === undefined)
    return <span className={styles.faint}>{context.noValue || t('failure.noValue', 'no value')}</span>;
  return (
    <span className={styles.number}>
      {horizon === context.horizon && (
        <span
          className={styles.swatch}
          style={{ background: colourAt(context.scale.steps, probability) }}
          aria-hidden
        />
      )}
      {percentText(probability, context.decimals)}
    </span>
  );
}

function getStyles(theme: GrafanaTheme2) {
  const text = { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' } as const;
  return {
    text: css(text),
    grave: css({ ...text, color: theme.colors.error.text }),
    faint: css({ ...text, color: theme.colors.text.secondary }),
    number: css({ ...text, display: 'inline-flex', alignItems: 'center', gap: 6, fontVariantNumeric: 'tabular-nums' }),
    swatch: css({ width: 10, height: 10, flexShrink: 0, border: `1px solid ${theme.colors.border.medium}` }),
  };
}
