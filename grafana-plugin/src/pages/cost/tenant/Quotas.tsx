import { formattedValueToString, getValueFormat } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { Empty } from '../../../states/Empty';
import { getTableStyles } from '../get-table-styles';
import { ScrollTable } from '../ScrollTable';
import { Section } from '../Section';
import { UsedBar } from '../UsedBar';
import type { QuotaRow } from './quota-rows';

export function Quotas({ quotas }: { readonly quotas: readonly QuotaRow[] }) {
  const styles = useStyles2(getTableStyles);
  return (
    <Section
      title={t('cost.quotas.title', 'Quotas')}
      hint={t(
        'cost.quotas.hint',
        'As Kubernetes or Slurm tells them now. More than all of it is possible where a quota was lowered.',
      )}
    >
      {quotas.length === 0 ? (
        <Empty title={t('cost.quotas.none', 'No quota of this tenant is read')}>
          {t('cost.quotas.how', 'Quotas to read are named in the file of billing, under quotas.')}
        </Empty>
      ) : (
        <ScrollTable label={t('cost.quotas.title', 'Quotas')} testId="quotas">
          <thead>
            <tr>
              <th scope="col">{t('cost.quota.name', 'Quota')}</th>
              <th scope="col">{t('cost.quota.resource', 'Resource')}</th>
              <th scope="col">{t('cost.quota.used', 'Used')}</th>
              <th scope="col" className={styles.number}>
                {t('cost.quota.limit', 'Limit')}
              </th>
              <th scope="col">{t('cost.quota.cluster', 'Cluster')}</th>
            </tr>
          </thead>
          <tbody>
            {quotas.map(({ quota, resource, cluster, ratio, limit }) => (
              <tr key={`${cluster} ${quota} ${resource}`}>
                <td>{quota}</td>
                <td>{resource}</td>
                <td>
                  <UsedBar ratio={ratio} />
                </td>
                <td className={styles.number}>{limit !== undefined && limitText(limit, resource)}</td>
                <td>{cluster}</td>
              </tr>
            ))}
          </tbody>
        </ScrollTable>
      )}
    </Section>
  );
}

/** Kubernetes counts memory and storage in bytes, everything else in pieces. */
function limitText(limit: number, resource: string): string {
  const isBytes = /memory|storage/.test(resource);
  return formattedValueToString(getValueFormat(isBytes ? 'bytes' : 'none')(limit));
}
