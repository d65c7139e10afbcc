import { t } from '@grafana/i18n';
import { Alert, Button } from '@grafana/ui';
import React, { useState } from 'react';
import type { AppSettings } from './connections';
import { changeOf, type Form, formOf, hasProblems, isChanged } from './form';
import { ServiceFieldSet } from './ServiceFieldSet';
import { serviceFields } from './services';
import { saveSettings } from './settings-api';

type Outcome = { readonly kind: 'saved' } | { readonly kind: 'failed'; readonly message: string };

/**
 * Addresses and tokens of the services. Pages ask by the proxy, which reads what is stored, so nothing has to be loaded anew after saving.
 */
export function ConnectionsForm({ stored: first }: { readonly stored: AppSettings }) {
  const [stored, setStored] = useState(first);
  const [form, setForm] = useState<Form>(() => formOf(first));
  const [isSaving, setSaving] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>();
  const isUntouched = serviceFields.every((fields) => !isChanged(fields, form, stored));
  const save = async () => {
    setSaving(true);
    setOutcome(undefined);
    try {
      const now = await saveSettings(changeOf(form, stored));
      setStored(now);
      setForm(formOf(now));
      setOutcome({ kind: 'saved' });
    } catch (error) {
      setOutcome({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
    setSaving(false);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      aria-label={t('connections.title', 'Connections')}
    >
      {serviceFields.map((fields) => (
        <ServiceFieldSet key={fields.service} fields={fields} form={form} stored={stored} onChange={setForm} />
      ))}
      {outcome?.kind === 'failed' && (
        <Alert severity="error" title={t('connections.saveFailed', 'Grafana did not save the connections')}>
          {outcome.message}
        </Alert>
      )}
      {outcome?.kind === 'saved' && isUntouched && (
        <Alert severity="success" title={t('connections.saved', 'Saved')}>
          {stored.enabled
            ? t('connections.testNow', 'Test each connection now.')
            : t('connections.enable', 'The app is not enabled yet: enable it above, then test each connection.')}
        </Alert>
      )}
      <Button
        type="submit"
        disabled={isSaving || isUntouched || hasProblems(form, stored)}
        data-testid="save-connections"
      >
        {isSaving ? t('connections.saving', 'Saving …') : t('connections.save', 'Save the connections')}
      </Button>
    </form>
  );
}
