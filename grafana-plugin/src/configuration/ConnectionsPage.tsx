import { css } from '@emotion/css';
import type { AppPluginMeta, PluginConfigPageProps } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Alert } from '@grafana/ui';
import React from 'react';
import { isAdmin } from '../services/role';
import { ConnectionsForm } from './ConnectionsForm';
import type { Connections } from './connections';
import { PrometheusTest } from './PrometheusTest';

/** Grafana shows it to administrators and lets them alone save; who comes here all the same is told so. */
export default function ConnectionsPage({ plugin }: PluginConfigPageProps<AppPluginMeta<Connections>>) {
  if (!isAdmin())
    return (
      <Alert
        severity="info"
        title={t('connections.adminsOnly.title', 'Connections are for administrators')}
        data-testid="admins-only"
      >
        {t('connections.adminsOnly.text', 'Ask an administrator of this organisation in Grafana.')}
      </Alert>
    );
  const { enabled = false, pinned = false, jsonData, secureJsonFields } = plugin.meta;
  const settings = { enabled, pinned, jsonData: { ...jsonData }, secureJsonFields: secureJsonFields ?? {} };
  return (
    <div className={css({ maxWidth: 720 })}>
      <PrometheusTest />
      <ConnectionsForm stored={settings} />
    </div>
  );
}
