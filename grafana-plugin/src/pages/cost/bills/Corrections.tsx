import { t } from '@grafana/i18n';
import { Alert, TextLink } from '@grafana/ui';
import React from 'react';
import { moneyText } from '../money';
import { momentText } from '../period';
import { billUrl } from './bill-ref';
import type { Corrections as Told } from './read-bills';

/** A closed bill never changes; what turned out to be wrong is on bills of its own, and may be waiting to become one. */
export function Corrections({ corrections, pending }: Told) {
  if (corrections.length === 0 && pending === undefined) return null;
  return (
    <Alert severity="warning" title={t('cost.corrections.title', 'This bill was corrected, or should be')}>
      <div data-testid="corrections">
        {corrections.map(({ number: own = '', total, currency, created_at: at }) => (
          <div key={own}>
            <TextLink inline href={billUrl({ number: own })}>
              {own}
            </TextLink>{' '}
            {momentText(at)}: {moneyText(total, currency)}
          </div>
        ))}
        {pending !== undefined && (
          <div>
            {t('cost.corrections.pending', 'A correction made now would come to {{money}}.', {
              money: moneyText(pending.total, pending.currency),
            })}
          </div>
        )}
      </div>
    </Alert>
  );
}
