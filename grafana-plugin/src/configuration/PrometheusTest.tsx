import { css } from '@emotion/css';
import { t } from '@grafana/i18n';
import { getDataSourceSrv } from '@grafana/runtime';
import { Alert, Button, Combobox, Field, FieldSet, Icon, useTheme2 } from '@grafana/ui';
import React, { useState } from 'react';
import { askPrometheus } from './ask-prometheus';
import { type Finding, findings } from './prometheus-findings';

/** Whether a data source has the series of FleetLens, and what is missing where it has not. */
export function PrometheusTest() {
  const sources = getDataSourceSrv().getList({ type: 'prometheus' });
  const usual = sources.find(({ isDefault }) => isDefault) ?? sources[0];
  const [uid, setUid] = useState(usual?.uid);
  const [isBusy, setBusy] = useState(false);
  const [found, setFound] = useState<readonly Finding[]>();
  const [error, setError] = useState<string>();
  const test = async (of: string) => {
    setBusy(true);
    setError(undefined);
    setFound(undefined);
    try {
      setFound(findings(await askPrometheus(of)));
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
    }
    setBusy(false);
  };
  if (uid === undefined) return <NoDataSource />;
  return (
    <FieldSet label={t('connections.prometheus.title', 'Prometheus')} data-testid="connection-prometheus">
      <Field
        noMargin
        htmlFor="connections-data-source"
        label={t('connections.prometheus.source', 'Data source')}
        description={t(
          'connections.prometheus.about',
          'Pages and boards have a choice of data source at the top; this only looks what is in one.',
        )}
      >
        <Combobox
          id="connections-data-source"
          width={40}
          options={sources.map(({ uid: value, name: label }) => ({ value, label }))}
          value={uid}
          onChange={({ value }) => setUid(value)}
        />
      </Field>
      <Button
        type="button"
        variant="secondary"
        style={{ marginTop: 8 }}
        disabled={isBusy}
        onClick={() => void test(uid)}
        data-testid="test-prometheus"
      >
        {isBusy ? t('connections.test.busy', 'Asking …') : t('connections.prometheus.test', 'Look for series')}
      </Button>
      {error !== undefined && (
        <Alert severity="error" title={t('connections.prometheus.failed', 'The data source does not answer')}>
          {error}
        </Alert>
      )}
      {found !== undefined && <Findings found={found} />}
    </FieldSet>
  );
}

function Findings({ found }: { readonly found: readonly Finding[] }) {
  const { colors } = useTheme2();
  return (
    <ul style={{ listStyle: 'none', marginTop: 8 }} data-testid="prometheus-findings">
      {found.map(({ id, name, isWell, text }) => (
        <li key={id} data-testid={`finding-${id}`}>
          <Icon
            name={isWell ? 'check-circle' : 'exclamation-triangle'}
            className={css({ color: isWell ? colors.success.text : colors.warning.text })}
          />{' '}
          <strong>{name}</strong> {text}
        </li>
      ))}
    </ul>
  );
}

function NoDataSource() {
  return (
    <Alert severity="warning" title={t('connections.prometheus.none', 'Grafana has no data source of type Prometheus')}>
      {t(
        'connections.prometheus.add',
        'Add one under Connections, Data sources: all figures of FleetLens come from it.',
      )}
    </Alert>
  );
}
