import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { TextLink, useStyles2 } from '@grafana/ui';
import React, { type ReactNode } from 'react';
import { moneyText } from '../money';
import { daysText, momentText } from '../period';
import { BillStateBadge } from './BillStateBadge';
import { type Bill, type BillHeading, stateOf } from './bill';
import { billUrl } from './bill-ref';

interface Props {
  readonly bill: Bill;
  readonly corrections: readonly BillHeading[];
}

export function BillFacts({ bill, corrections }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <>
      <div className={styles.total} data-testid="bill-sum">
        {moneyText(bill.total, bill.currency)}
      </div>
      <dl className={styles.facts}>
        {factsOf(bill, corrections).map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

interface Fact {
  readonly name: string;
  readonly value: ReactNode;
}

function factsOf(bill: Bill, corrections: readonly BillHeading[]): readonly Fact[] {
  const { corrects, coverage, closed_by: closedBy } = bill;
  return [
    { name: t('cost.fact.state', 'State'), value: <BillStateBadge state={stateOf(bill, corrections)} /> },
    {
      name: t('cost.fact.number', 'Number'),
      value: bill.number ?? t('cost.fact.noNumber', 'None before it is closed'),
    },
    { name: t('cost.fact.tenant', 'Tenant'), value: tenantText(bill) },
    {
      name: t('cost.fact.period', 'Period'),
      value: `${bill.period_name ?? ''} (${daysText(bill.period, bill.time_zone)}, ${bill.time_zone ?? 'UTC'})`,
    },
    ...fact(
      t('cost.fact.corrects', 'Corrects'),
      corrects && (
        <TextLink inline href={billUrl({ number: corrects })}>
          {corrects}
        </TextLink>
      ),
    ),
    ...fact(
      t('cost.fact.closed', 'Closed'),
      closedBy &&
        t('cost.fact.closedBy', '{{at}} by {{name}}', {
          at: momentText(bill.created_at),
          name: closedBy,
          interpolation: { escapeValue: false },
        }),
    ),
    ...fact(t('cost.fact.coverage', 'Scrapes seen'), coverage !== undefined && `${(coverage * 100).toFixed(1)} %`),
    ...fact(t('cost.fact.costCentre', 'Cost centre'), bill.cost_centre),
  ];
}

function tenantText({ title, tenant }: Bill): string {
  return title === undefined || title === tenant ? tenant : `${title} (${tenant})`;
}

/** What is not known is left out. */
function fact(name: string, value: ReactNode): readonly Fact[] {
  return value === undefined || value === false || value === '' ? [] : [{ name, value }];
}

function getStyles(theme: GrafanaTheme2) {
  return {
    total: css({ ...theme.typography.h2, fontVariantNumeric: 'tabular-nums', margin: theme.spacing(1, 0) }),
    facts: css({
      display: 'grid',
      gridTemplateColumns: 'repeat(auto-fill, minmax(200px, 1fr))',
      gap: theme.spacing(1, 2),
      margin: 0,
      dt: { color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightRegular },
      dd: { margin: 0, overflowWrap: 'anywhere' },
    }),
  };
}
