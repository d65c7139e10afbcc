import { t } from '@grafana/i18n';
import { Button } from '@grafana/ui';
import React from 'react';
import { Empty } from '../../../states/Empty';

interface Props {
  readonly name: string;
  readonly onClose: () => void;
}

/** The GPU that is asked for has no forecast. */
export function NotThere({ name, onClose }: Props) {
  return (
    <div style={{ flex: 1, overflowWrap: 'anywhere' }} data-testid="failure-not-there">
      <Empty title={t('failure.notThere', 'No forecast of {{name}}', { name })}>
        <p>
          {t(
            'failure.notThereWhy',
            'It may be new, gone, or in a cluster that is not chosen. Its UUID is written as nvidia-smi -L shows it.',
          )}
        </p>
        <Button size="sm" variant="secondary" onClick={onClose}>
          {t('failure.close', 'Back to the list')}
        </Button>
      </Empty>
    </div>
  );
}
