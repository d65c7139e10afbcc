import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button, Field, Input, RadioButtonGroup, useStyles2 } from '@grafana/ui';
import React, { type SyntheticEvent, useId, useState } from 'react';
import { ask } from '../../../services/ask';
import { ServiceProblem } from '../../../services/service-problem';
import { ServiceNotice } from '../../../states/ServiceNotice';
import type { Item } from '../answers/item';
import { newWindowQuestion } from '../answers/maintenance';
import { asIs } from '../texts/as-is';

interface Props {
  readonly item: Item;
  readonly onCancel: () => void;
  readonly onBegun: (window: { readonly title: string; readonly holds: number }) => void;
}

const durations = ['30m', '1h', '2h', '4h', '8h', '1d'].map((value) => ({ value, label: value }));

export function MaintenanceForm({ item, onCancel, onBegun }: Props) {
  const styles = useStyles2(getStyles);
  const id = useId();
  const [title, setTitle] = useState(
    t('cmdb.maintenance.usualTitle', 'Work on {{name}}', { name: item.name, ...asIs }).slice(0, 200),
  );
  const [duration, setDuration] = useState('2h');
  const [start, setStart] = useState('');
  const [isSending, setIsSending] = useState(false);
  const [problem, setProblem] = useState<ServiceProblem>();
  const send = async (event: SyntheticEvent) => {
    event.preventDefault();
    setIsSending(true);
    setProblem(undefined);
    // The field has the time of the browser, without a zone.
    const startsAt = start === '' ? undefined : new Date(start).toISOString();
    try {
      onBegun(await ask(newWindowQuestion({ title: title.trim(), items: [item.id], startsAt, duration })));
    } catch (error) {
      setProblem(error instanceof ServiceProblem ? error : new ServiceProblem('failed', 'cmdb', String(error)));
      setIsSending(false);
    }
  };
  return (
    <form className={styles.form} onSubmit={(event) => void send(event)} data-testid="maintenance-form">
      <Field label={t('cmdb.maintenance.what', 'What is done')} noMargin>
        <Input
          id={`${id}-title`}
          value={title}
          maxLength={200}
          required
          autoFocus
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
      </Field>
      <Field
        label={t('cmdb.maintenance.when', 'Begins')}
        description={t('cmdb.maintenance.now', 'Your local time; at once if empty.')}
        noMargin
      >
        <Input
          id={`${id}-start`}
          type="datetime-local"
          value={start}
          onChange={(event) => setStart(event.currentTarget.value)}
        />
      </Field>
      <fieldset className={styles.group}>
        <legend className={styles.label}>{t('cmdb.maintenance.duration', 'Lasts')}</legend>
        <RadioButtonGroup size="sm" options={durations} value={duration} onChange={setDuration} />
      </fieldset>
      <div className={styles.quiet}>
        {t(
          'cmdb.maintenance.scope',
          'Alerts of it and of all that is in it are silenced meanwhile, where the inventory keeps silences.',
        )}
      </div>
      {problem !== undefined && <ServiceNotice problem={problem} />}
      <div className={styles.buttons}>
        <Button type="submit" size="sm" disabled={isSending || title.trim() === ''}>
          {t('cmdb.maintenance.announce', 'Announce')}
        </Button>
        <Button type="button" size="sm" variant="secondary" onClick={onCancel}>
          {t('cmdb.maintenance.cancel', 'Cancel')}
        </Button>
      </div>
    </form>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    form: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1), marginBottom: theme.spacing(1) }),
    group: css({ border: 0, margin: 0, padding: 0, minWidth: 0 }),
    label: css({
      border: 0,
      ...theme.typography.bodySmall,
      fontWeight: theme.typography.fontWeightMedium,
      marginBottom: theme.spacing(0.5),
    }),
    quiet: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
    buttons: css({ display: 'flex', gap: theme.spacing(1) }),
  };
}
