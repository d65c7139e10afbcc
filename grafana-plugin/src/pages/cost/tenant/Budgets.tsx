import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { Empty } from '../../../states/Empty';
import { getTableStyles } from '../get-table-styles';
import { percentText } from '../percent-text';
import { momentText } from '../period';
import { ScrollTable } from '../ScrollTable';
import { Section } from '../Section';
import { UsedBar } from '../UsedBar';
import type { BudgetRow } from './budget-rows';

interface Props {
  readonly budgets: readonly BudgetRow[];
  readonly isExact: boolean;
}

export function Budgets({ budgets, isExact }: Props) {
  const styles = useStyles2(getTableStyles);
  return (
    <Section title={t('cost.budgets.title', 'Budget')} hint={isExact ? exactHint() : roundedHint()}>
      {budgets.length === 0 ? (
        <Empty title={t('cost.budgets.none', 'This tenant has no budget')}>
          {t('cost.budgets.how', 'Budgets are set in the file of billing, under budgets.')}
        </Empty>
      ) : (
        <ScrollTable label={t('cost.budgets.title', 'Budget')} testId="budgets">
          <thead>
            <tr>
              <th scope="col">{t('cost.budget.name', 'Name')}</th>
              <th scope="col">{t('cost.budget.used', 'Used')}</th>
              <th scope="col" className={styles.number}>
                {t('cost.budget.spent', 'Spent')}
              </th>
              <th scope="col" className={styles.number}>
                {t('cost.budget.amount', 'Budget')}
              </th>
              <th scope="col">{t('cost.budget.elapsed', 'Period passed')}</th>
              <th scope="col" className={styles.number}>
                {t('cost.budget.expected', 'Expected at the end')}
              </th>
              <th scope="col">{t('cost.budget.spentAt', 'Used up')}</th>
            </tr>
          </thead>
          <tbody>
            {budgets.map((budget) => (
              <Row key={budget.name} budget={budget} />
            ))}
          </tbody>
        </ScrollTable>
      )}
    </Section>
  );
}

function Row({ budget }: { readonly budget: BudgetRow }) {
  const styles = useStyles2(getTableStyles);
  const { used, elapsed, expected, expectedText } = budget;
  return (
    <tr>
      <td>{budget.name}</td>
      <td>{used !== undefined && <UsedBar ratio={used} />}</td>
      <td className={styles.number}>{budget.spent}</td>
      <td className={styles.number}>{budget.amount}</td>
      <td>{elapsed !== undefined && percentText(elapsed)}</td>
      <td className={styles.number}>{expectedText ?? (expected !== undefined && percentText(expected))}</td>
      <td data-testid="used-up">{usedUpText(budget)}</td>
    </tr>
  );
}

function usedUpText({ used = 0, spentAtMs }: BudgetRow): string {
  if (used >= 1) return t('cost.budget.usedUp', 'All of it is used');
  return spentAtMs === undefined ? t('cost.budget.lasts', 'It lasts for the period') : momentText(spentAtMs);
}

function exactHint(): string {
  return t(
    'cost.budgets.exact',
    'Amounts are those of billing. Forecasts go by weekday where a week of days is known, else by pace.',
  );
}

function roundedHint(): string {
  return t(
    'cost.budgets.rounded',
    'From Prometheus, rounded. When it will be used up is told by the pace of the last day.',
  );
}
