import { t } from '@grafana/i18n';
import React from 'react';
import { formatted } from '../../scenes/format';
import type { ReadingsProps } from '../../scenes/ReadingsView';
import type { Row } from '../../scenes/rows';
import { LineTable } from '../cards/LineTable';
import { GpuLink } from '../fleet/Holders';

/** GPUs of the run, each a link to its page: least busy first, since that is where a run hangs. */
export function RunGpus({ readings: { up, busy, temperature } }: ReadingsProps<'up' | 'busy' | 'temperature'>) {
  const of = (rows: readonly Row[], { labels }: Row) => rows.find((row) => row.labels.uuid === labels.uuid)?.value;
  const lines = [...up].sort((a, b) => (of(busy, a) ?? -1) - (of(busy, b) ?? -1));
  return (
    <LineTable<Row>
      label={t('training.gpus', 'GPUs of the run')}
      testId="run-gpus"
      lines={lines}
      keyOf={({ labels }) => JSON.stringify(labels)}
      empty={t('training.noGpus', 'No GPU is known to belong to the run.')}
      columns={[
        {
          heading: t('fleet.gpu', 'GPU'),
          cell: ({ labels: { node = '', gpu_id: index = '', uuid = '' } }) => <GpuLink {...{ node, index, uuid }} />,
        },
        {
          heading: t('fleet.state', 'State'),
          cell: ({ value }) => (value === 1 ? t('fleet.cell.isUp', 'up') : t('fleet.cell.isDown', 'down')),
        },
        { heading: t('fleet.busy', 'Busy'), isNumber: true, cell: (row) => formatted(of(busy, row), 'percentunit', 0) },
        {
          heading: t('fleet.temperature', 'Temperature'),
          isNumber: true,
          cell: (row) => formatted(of(temperature, row), 'celsius', 0),
        },
      ]}
    />
  );
}
