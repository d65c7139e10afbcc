import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Input, RadioButtonGroup, useStyles2 } from '@grafana/ui';
import React from 'react';
import { useLocation, useNavigate } from 'react-router-dom';
import { asIs } from '../../locales/as-is';
import { type AlertFilter, FILTER_LABELS, valuesOf, withFilter } from './alert-filter';
import type { ActiveAlert } from './alertmanager-alert';

interface Props {
  readonly alerts: readonly ActiveAlert[];
  readonly filter: AlertFilter;
}

/** Narrows the list; the choice lives in the address. */
export function AlertFilters({ alerts, filter }: Props) {
  const styles = useStyles2(getStyles);
  const { search } = useLocation();
  const navigate = useNavigate();
  const choose = (name: keyof AlertFilter, value: string) =>
    navigate({ search: withFilter(search, name, value) }, { replace: name === 'search' });
  const names = {
    severity: t('alerts.severity', 'Severity'),
    team: t('alerts.team', 'Team'),
    domain: t('alerts.domain', 'Domain'),
  };
  return (
    <div className={styles.bar}>
      <Input
        className={styles.search}
        type="search"
        aria-label={t('alerts.search', 'Search in alerts')}
        placeholder={t('alerts.search', 'Search in alerts')}
        defaultValue={filter.search}
        onChange={({ currentTarget }) => choose('search', currentTarget.value)}
      />
      {FILTER_LABELS.map((name) => (
        <RadioButtonGroup
          key={name}
          size="sm"
          aria-label={names[name]}
          value={filter[name]}
          onChange={(value) => choose(name, value)}
          options={[
            { value: '', label: t('alerts.all', '{{name}}: all', { ...asIs, name: names[name] }) },
            ...[...new Set([...valuesOf(alerts, name), filter[name]])]
              .filter((value) => value !== '')
              .map((value) => ({ value, label: value })),
          ]}
        />
      ))}
    </div>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    bar: css({
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(1),
      marginBottom: theme.spacing(2),
      '> *': { maxWidth: '100%', overflowX: 'auto' },
    }),
    search: css({ width: 240 }),
  };
}
