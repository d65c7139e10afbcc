import { css } from '@emotion/css';
import { dateTimeFormatTimeAgo, type GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Badge, type BadgeColor, Button, TextLink, useStyles2 } from '@grafana/ui';
import React from 'react';
import { asIs } from '../../locales/as-is';
import { isEditor } from '../../services/role';
import { PlaceLink } from '../links/PlaceLink';
import type { AlertGroup } from './alert-filter';
import type { ActiveAlert } from './alertmanager-alert';

interface Props {
  readonly group: AlertGroup;
  /** Undefined while nobody can silence, as Alertmanager does not answer. */
  readonly onSilence: ((alert: ActiveAlert) => void) | undefined;
}

const colours: Readonly<Record<string, BadgeColor>> = { critical: 'red', warning: 'orange', info: 'blue' };

/** Alerts of one name: what it means once, then a line for each. */
export function AlertGroupCard({ group: { alertname, severity, alerts }, onSilence }: Props) {
  const styles = useStyles2(getStyles);
  const first = alerts[0];
  return (
    <section className={styles.card} aria-label={alertname} data-testid="alert-group">
      <div className={styles.heading}>
        <Badge
          color={colours[severity] ?? 'darkgrey'}
          text={severity === '' ? t('alerts.noSeverity', 'no severity') : severity}
        />
        <h3 className={styles.title}>{alertname}</h3>
        {first?.runbookUrl !== undefined && (
          <TextLink href={first.runbookUrl} external inline={false}>
            {t('alerts.runbook', 'Runbook')}
          </TextLink>
        )}
      </div>
      {first?.summary !== undefined && <div>{first.summary}</div>}
      <ul className={styles.list}>
        {alerts.map((alert) => (
          <AlertLine key={alert.id} alert={alert} onSilence={onSilence} />
        ))}
      </ul>
    </section>
  );
}

function AlertLine({ alert, onSilence }: { readonly alert: ActiveAlert; readonly onSilence: Props['onSilence'] }) {
  const styles = useStyles2(getStyles);
  const { sinceMs, state, silencedBy, labels, description } = alert;
  return (
    <li className={styles.line} data-testid="alert">
      <div className={styles.facts}>
        {sinceMs !== undefined && (
          <span>{t('alerts.since', 'since {{ago}}', { ...asIs, ago: dateTimeFormatTimeAgo(sinceMs) })}</span>
        )}
        {state === 'suppressed' && (
          <span className={styles.description}>
            {silencedBy.length > 0
              ? t('alerts.silenced', 'silenced')
              : t('alerts.inhibited', 'held back by another alert')}
          </span>
        )}
        <Places labels={labels} />
        {onSilence !== undefined && isEditor() && (
          <Button size="sm" variant="secondary" icon="bell-slash" onClick={() => onSilence(alert)}>
            {t('alerts.silenceThis', 'Silence')}
          </Button>
        )}
      </div>
      {description !== undefined && <div className={styles.description}>{description}</div>}
    </li>
  );
}

/** Where the alert leads: down to the things that its labels name. */
function Places({ labels }: { readonly labels: ActiveAlert['labels'] }) {
  const { node, uuid, gpu_id: index, run, model_name: model, tenant, team } = labels;
  return (
    <>
      {node !== undefined && <PlaceLink target={{ to: 'node', node }}>{node}</PlaceLink>}
      {uuid !== undefined && (
        <PlaceLink target={{ to: 'gpu', uuid }}>
          {index === undefined ? uuid : t('fleet.gpuIndex', 'GPU {{index}}', { ...asIs, index })}
        </PlaceLink>
      )}
      {run !== undefined && <PlaceLink target={{ to: 'run', run }}>{run}</PlaceLink>}
      {model !== undefined && <PlaceLink target={{ to: 'model', model }}>{model}</PlaceLink>}
      {tenant !== undefined && <PlaceLink target={{ to: 'cost', tenant }}>{tenant}</PlaceLink>}
      {team !== undefined && <span>{t('alerts.ofTeam', 'team {{team}}', { ...asIs, team })}</span>}
    </>
  );
}

function getStyles(theme: GrafanaTheme2) {
  const { colors, spacing, typography, shape } = theme;
  return {
    card: css({
      padding: spacing(1.5),
      marginBottom: spacing(1),
      background: colors.background.primary,
      border: `1px solid ${colors.border.weak}`,
      borderRadius: shape.radius.default,
    }),
    heading: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: spacing(1) }),
    title: css({ ...typography.h5, margin: 0, overflowWrap: 'anywhere' }),
    list: css({ listStyle: 'none', margin: spacing(1, 0, 0), padding: 0 }),
    line: css({ padding: spacing(1, 0), borderTop: `1px solid ${colors.border.weak}` }),
    facts: css({
      display: 'flex',
      flexWrap: 'wrap',
      gap: spacing(0.5, 2),
      alignItems: 'center',
      overflowWrap: 'anywhere',
    }),
    description: css({ color: colors.text.secondary, overflowWrap: 'anywhere' }),
  };
}
