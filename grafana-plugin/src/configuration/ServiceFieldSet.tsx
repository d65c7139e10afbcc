import { t } from '@grafana/i18n';
import { Field, FieldSet, Input, SecretInput } from '@grafana/ui';
import React, { useId } from 'react';
import { serviceName } from '../services/service-name';
import { ConnectionTest } from './ConnectionTest';
import type { AppSettings, Secret } from './connections';
import { type Form, fieldProblem, isChanged, secretProblem } from './form';
import { secretText } from './secret-text';
import type { ServiceFields } from './services';

interface Props {
  readonly fields: ServiceFields;
  readonly form: Form;
  readonly stored: AppSettings;
  readonly onChange: (form: Form) => void;
}

export function ServiceFieldSet({ fields, form, stored, onChange }: Props) {
  const { service, url, secrets, example } = fields;
  const id = useId();
  const problem = fieldProblem(fields, form, stored);
  return (
    <FieldSet label={serviceName(service)} data-testid={`connection-${service}`}>
      <Field
        label={t('connections.url.label', 'Address')}
        description={t(
          'connections.url.about',
          'As Grafana’s server reaches it; empty if there is none. All viewers can read it.',
        )}
        invalid={problem !== undefined}
        error={problem}
        htmlFor={id}
      >
        <Input
          id={id}
          placeholder={example}
          value={form.urls[url]}
          onChange={({ currentTarget: { value } }) => onChange({ ...form, urls: { ...form.urls, [url]: value } })}
        />
      </Field>
      {secrets.map((secret) => (
        <SecretField key={secret} secret={secret} form={form} stored={stored} onChange={onChange} />
      ))}
      <ConnectionTest
        service={service}
        isConnected={stored.jsonData[url] !== undefined && stored.jsonData[url] !== ''}
        isChanged={isChanged(fields, form, stored)}
      />
    </FieldSet>
  );
}

interface SecretProps {
  readonly secret: Secret;
  readonly form: Form;
  readonly stored: AppSettings;
  readonly onChange: (form: Form) => void;
}

function SecretField({ secret, form, stored, onChange }: SecretProps) {
  const id = useId();
  const { label, about } = secretText(secret);
  const problem = secretProblem(secret, form);
  const value = form.secrets[secret];
  const isRemoved = value === '' && stored.secureJsonFields[secret] === true;
  const change = (text: string) => onChange({ ...form, secrets: { ...form.secrets, [secret]: text } });
  return (
    <Field
      label={label}
      description={isRemoved ? t('connections.secret.removed', 'Left empty, it is removed when you save.') : about}
      invalid={problem !== undefined}
      error={problem}
      htmlFor={id}
    >
      <SecretInput
        id={id}
        isConfigured={value === undefined && stored.secureJsonFields[secret] === true}
        value={value ?? ''}
        autoComplete="off"
        onReset={() => change('')}
        onChange={({ currentTarget }) => change(currentTarget.value)}
      />
    </Field>
  );
}
