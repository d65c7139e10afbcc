import { css } from '@emotion/css';
import { dateTimeFormat, type GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import type { SaidIncident } from '../api/read-explained';
import { featureText } from '../texts/feature-words';
import { percentText, shortUuid } from '../texts/format';

interface Props {
  readonly incidents: readonly SaidIncident[];
  readonly timeZone: string;
  readonly none: string;
}

const most = 6;

export function Incidents({ incidents, timeZone, none }: Props) {
  const styles = useStyles2(getStyles);
  if (incidents.length === 0) return <div className={styles.faint}>{none}</div>;
  return (
    <ul className={styles.list}>
      {incidents.slice(0, most).map((incident) => (
        <li key={`${incident.startMs} ${incident.what} ${incident.uuid}`}>
          {dateTimeFormat(incident.startMs, { timeZone, format: 'YYYY-MM-DD HH:mm' })}{' '}
          {incident.what.replaceAll('_', ' ')}
          {incident.isOpen && ` (${t('failure.incident.open', 'goes on')})`}
          {incident.similarity !== undefined && (
            <span className={styles.faint}>
              {' '}
              {incident.node} {incident.uuid !== undefined && shortUuid(incident.uuid)} ·{' '}
              {t('failure.incident.alike', '{{share}} alike', { share: percentText(incident.similarity) })}
              {incident.shared.length > 0 && `: ${incident.shared.slice(0, 3).map(featureText).join('; ')}`}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    faint: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
    list: css({ ...theme.typography.bodySmall, listStyle: 'none', margin: 0, padding: 0, overflowWrap: 'anywhere' }),
  };
}
