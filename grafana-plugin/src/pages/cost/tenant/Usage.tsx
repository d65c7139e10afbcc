import { t } from '@grafana/i18n';
import { LoadingPlaceholder, RadioButtonGroup, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';
import { useAnswer } from '../../../services/use-answer';
import { Empty } from '../../../states/Empty';
import { ServiceNotice } from '../../../states/ServiceNotice';
import { getTableStyles } from '../get-table-styles';
import { cutText } from '../money';
import { ScrollTable } from '../ScrollTable';
import { Section } from '../Section';
import { type UsageDimension, type UsageRow, usageDimensions, usageQuestion } from './read-usage';

/** What was used in the current period, told apart as the reader likes. */
export function Usage({ tenant }: { readonly tenant: string }) {
  const [by, setBy] = useState<UsageDimension>('day');
  const { value, problem, isLoading, askAgain } = useAnswer(usageQuestion(tenant, by));
  // That billing is not connected is said at the bills.
  if (problem?.kind === 'not_set_up') return null;
  const options = usageDimensions.map((each) => ({ value: each, label: dimensionName(each) }));
  return (
    <Section
      title={t('cost.usage.title', 'Usage of the current period')}
      hint={t(
        'cost.usage.hint',
        'Rules are those by which usage is a tenant’s: a namespace, an account, a share. Pods and jobs are in the explanation of each line of a bill.',
      )}
      actions={<RadioButtonGroup size="sm" options={options} value={by} onChange={setBy} />}
    >
      {problem !== undefined && <ServiceNotice problem={problem} onRetry={askAgain} />}
      {value === undefined && isLoading && <LoadingPlaceholder text={t('cost.usage.loading', 'Billing sums up …')} />}
      {value !== undefined && <UsageTable rows={value.usage} by={by} hasMore={value.next !== undefined} />}
    </Section>
  );
}

interface TableProps {
  readonly rows: readonly UsageRow[];
  readonly by: UsageDimension;
  readonly hasMore: boolean;
}

function UsageTable({ rows, by, hasMore }: TableProps) {
  const styles = useStyles2(getTableStyles);
  if (rows.length === 0) return <Empty title={t('cost.usage.none', 'Nothing is metered in this period yet')} />;
  return (
    <>
      <ScrollTable label={t('cost.usage.title', 'Usage of the current period')} testId="usage">
        <thead>
          <tr>
            <th scope="col">{dimensionName(by)}</th>
            <th scope="col">{t('cost.usage.meter', 'Meter')}</th>
            <th scope="col" className={styles.number}>
              {t('cost.line.quantity', 'Quantity')}
            </th>
            <th scope="col">{t('cost.line.unit', 'Unit')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row[by]} ${row.meter}`}>
              <td>{row[by]}</td>
              <td>{row.meter}</td>
              <td className={styles.number} title={row.quantity}>
                {cutText(row.quantity)}
              </td>
              <td>{row.unit}</td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      {hasMore && <p>{t('cost.usage.more', 'There is more: the API of billing has all of it.')}</p>}
    </>
  );
}

function dimensionName(dimension: UsageDimension): string {
  const names: Readonly<Record<UsageDimension, string>> = {
    day: t('cost.by.day', 'Day'),
    sku: t('cost.by.sku', 'Model'),
    node: t('cost.by.node', 'Node'),
    rule: t('cost.by.rule', 'Rule'),
  };
  return names[dimension];
}
