import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Badge, useStyles2 } from '@grafana/ui';
import React from 'react';
import { Empty } from '../../../states/Empty';
import { roundedMoneyText } from '../money';
import { changeText } from '../percent-text';
import type { TenantRow } from '../tenants/tenant-rows';

/** The current period at a glance; one line for each currency. */
export function TenantFigures({ rows }: { readonly rows: readonly TenantRow[] }) {
  const styles = useStyles2(getStyles);
  if (rows.length === 0)
    return (
      <Empty title={t('cost.tenant.none', 'Prometheus knows no costs of this tenant')}>
        {t('cost.tenant.how', 'It may have used nothing in the current period, or be written in another way.')}
      </Empty>
    );
  return (
    <>
      {rows.map(({ currency, cost, expected, idle, change, isUnusual }) => (
        <dl key={currency} className={styles.figures} data-testid="tenant-figures">
          <Figure name={t('cost.tenants.cost', 'So far')} value={roundedMoneyText(cost, currency)} />
          <Figure name={t('cost.tenants.expected', 'Expected')} value={moneyOf(expected, currency)} />
          <Figure name={t('cost.tenants.idle', 'Of it idle')} value={moneyOf(idle, currency)} />
          <Figure
            name={t('cost.tenants.change', '30 days against the 30 before')}
            value={change === undefined ? undefined : changeText(change)}
          />
          {isUnusual && <Badge color="orange" text={t('cost.tenants.unusual', 'More than usual')} />}
        </dl>
      ))}
    </>
  );
}

function Figure({ name, value }: { readonly name: string; readonly value: string | undefined }) {
  if (value === undefined) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function moneyOf(value: number | undefined, currency: string): string | undefined {
  return value === undefined ? undefined : roundedMoneyText(value, currency);
}

function getStyles(theme: GrafanaTheme2) {
  return {
    figures: css({
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(1, 4),
      margin: theme.spacing(1, 0, 0),
      dt: { color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightRegular },
      dd: { ...theme.typography.h3, margin: 0, fontVariantNumeric: 'tabular-nums' },
    }),
  };
}
