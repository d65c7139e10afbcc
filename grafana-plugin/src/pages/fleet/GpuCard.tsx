import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import type { ReadingsProps } from '../../scenes/ReadingsView';
import { Facts } from '../cards/Facts';
import { gpuConditionFacts, gpuReadingFacts } from './gpu-condition';
import { gpuHolderFacts, gpuPlaceFacts } from './gpu-place';
import type { gpuQueries } from './gpu-queries';

export type GpuReadings = ReadingsProps<keyof typeof gpuQueries>['readings'];

/** One GPU: who has it, where it is, how it is, what is to be expected of it. */
export function GpuCard({ readings }: ReadingsProps<keyof typeof gpuQueries>) {
  const styles = useStyles2(getStyles);
  if (readings.info.length === 0 && readings.up.length === 0 && readings.place.length === 0)
    return (
      <div role="status" data-testid="empty">
        {t(
          'fleet.unknownGpu',
          'Nothing is known of this GPU in this time. Look at how its UUID is written, or choose another time.',
        )}
      </div>
    );
  return (
    <div className={styles.box} data-testid="gpu-card">
      <Facts facts={gpuHolderFacts(readings)} label={t('fleet.whose', 'Who has it')} />
      <Facts facts={gpuPlaceFacts(readings)} label={t('fleet.where', 'Where it is')} />
      <Facts facts={gpuReadingFacts(readings)} label={t('fleet.readings', 'Readings')} />
      <Facts facts={gpuConditionFacts(readings)} label={t('fleet.condition', 'Condition')} />
    </div>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return { box: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1) }) };
}
