import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';
import type { Count, TenantImpact } from '../answers/impact';
import { ItemLink } from './ItemLink';

const shownAtFirst = 5;

/** Whom it hits, the hardest hit first. */
export function TenantTable({ tenants }: { readonly tenants: readonly TenantImpact[] }) {
  const styles = useStyles2(getStyles);
  const [isAll, setIsAll] = useState(false);
  if (tenants.length === 0) return null;
  const shown = isAll ? tenants : tenants.slice(0, shownAtFirst);
  return (
    <>
      <table className={styles.table} data-testid="impact-tenants">
        <thead>
          <tr>
            <th scope="col">{t('cmdb.impact.tenant', 'Tenant')}</th>
            <th scope="col">{t('cmdb.impact.jobs', 'Jobs and services')}</th>
            <th scope="col">{t('cmdb.impact.gpus', 'GPUs')}</th>
            <th scope="col">{t('cmdb.impact.servers', 'Servers')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ tenant, applications, gpus, servers }) => (
            <tr key={tenant?.id ?? 0}>
              <th scope="row">
                {tenant === undefined ? t('cmdb.impact.nobody', 'nobody') : <ItemLink item={tenant} />}
              </th>
              <CountCell count={applications} />
              <CountCell count={gpus} />
              <CountCell count={servers} />
            </tr>
          ))}
        </tbody>
      </table>
      {tenants.length > shownAtFirst && (
        <Button size="sm" variant="secondary" fill="text" aria-expanded={isAll} onClick={() => setIsAll(!isAll)}>
          {isAll
            ? t('cmdb.impact.fewerTenants', 'Show less')
            : t('cmdb.impact.allTenants', 'Show all {{count}} tenants', { count: tenants.length })}
        </Button>
      )}
    </>
  );
}

function CountCell({ count: { down, degraded } }: { readonly count: Count }) {
  const styles = useStyles2(getStyles);
  if (down + degraded === 0) return <td className={styles.nothing}>0</td>;
  return (
    <td>
      {down > 0 && <span className={styles.down}>{t('cmdb.impact.countDown', '{{count}} down', { count: down })}</span>}
      {down > 0 && degraded > 0 && ', '}
      {degraded > 0 && (
        <span className={styles.degraded}>
          {t('cmdb.impact.countDegraded', '{{count}} degraded', { count: degraded })}
        </span>
      )}
    </td>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    table: css({
      width: '100%',
      ...theme.typography.bodySmall,
      'th, td': {
        padding: theme.spacing(0.25, 1, 0.25, 0),
        textAlign: 'start',
        verticalAlign: 'top',
        overflowWrap: 'anywhere',
      },
      'thead th': { color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightRegular },
      'tbody th': { fontWeight: theme.typography.fontWeightRegular },
    }),
    nothing: css({ color: theme.colors.text.secondary }),
    down: css({ color: theme.colors.error.text }),
    degraded: css({ color: theme.colors.warning.text }),
  };
}
