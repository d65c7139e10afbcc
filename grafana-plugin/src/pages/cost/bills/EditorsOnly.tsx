import { t } from '@grafana/i18n';
import { Alert } from '@grafana/ui';
import React from 'react';

/** Grafana would refuse it: the route to billing is for editors. */
export function EditorsOnly() {
  return (
    <Alert
      topSpacing={2}
      bottomSpacing={0}
      severity="info"
      title={t('cost.editorsOnly.title', 'Bills are for editors')}
      data-testid="bills-for-editors"
    >
      {t(
        'cost.editorsOnly.text',
        'Bills, their lines and downloads come from billing, which Grafana opens to the roles Editor and Admin. All other figures of this page come from Prometheus. Ask an administrator of Grafana if you need bills.',
      )}
    </Alert>
  );
}
