import { t } from '@grafana/i18n';
import { ClipboardButton } from '@grafana/ui';
import React from 'react';

interface Props {
  readonly text: string;
  readonly what: string;
}

export function CopyButton({ text, what }: Props) {
  return (
    <ClipboardButton
      size="sm"
      variant="secondary"
      fill="text"
      icon="copy"
      getText={() => text}
      aria-label={t('cmdb.copy', 'Copy {{what}}', { what, interpolation: { escapeValue: false } })}
      data-testid="copy"
    />
  );
}
