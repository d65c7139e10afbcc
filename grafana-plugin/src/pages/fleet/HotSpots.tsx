import { t } from '@grafana/i18n';
import React, { type ReactNode } from 'react';
import { formatted, lasting } from '../../scenes/format';
import type { ReadingsProps } from '../../scenes/ReadingsView';
import type { Row } from '../../scenes/rows';
import { type LineColumn, LineTable } from '../cards/LineTable';
import { TwoColumns } from '../cards/TwoColumns';
import { GpuLink, Holders } from './Holders';
import type { hotSpotQueries } from './hot-spot-queries';
import { holdersOf } from './tenants';

type Props = ReadingsProps<keyof typeof hotSpotQueries>;

/** GPUs in trouble, a list for each kind of it. */
export function HotSpots({ readings }: Props) {
  if (readings.seen.length === 0)
    return <div role="status">{t('fleet.noGpu', 'No GPU seen. Does Prometheus scrape the GPU exporters?')}</div>;
  return (
    <TwoColumns>
      <List
        id="down"
        title={t('fleet.list.down', 'Down')}
        rows={readings.down}
        empty={t('fleet.none.down', 'All GPUs answer.')}
        more={[{ heading: t('fleet.why', 'Why'), cell: ({ labels }) => labels.error ?? '–' }]}
      />
      <List
        id="throttled"
        title={t('fleet.list.throttled', 'Slowed by heat or power')}
        rows={readings.throttled}
        empty={t('fleet.none.throttled', 'No GPU is slowed by heat, power brake or hardware.')}
        more={[{ heading: t('fleet.reason', 'Reason'), cell: ({ labels }) => labels.reason ?? '–' }]}
      />
      <List
        id="xids"
        title={t('fleet.list.xids', 'XID errors of a day')}
        rows={readings.xids}
        empty={t('fleet.none.xids', 'No XID error in the last day.')}
        more={[
          { heading: t('fleet.xid', 'XID'), cell: ({ labels }) => labels.xid ?? '–' },
          { heading: t('fleet.ago', 'Ago'), isNumber: true, cell: ({ value }) => lasting(value) },
        ]}
      />
      <List
        id="uncorrectable"
        title={t('fleet.list.uncorrectable', 'Memory errors that could not be corrected')}
        rows={readings.uncorrectable}
        empty={t('fleet.none.uncorrectable', 'None in the last day.')}
        more={[countColumn(t('fleet.errors', 'Errors of a day'))]}
      />
      <List
        id="correctable"
        title={t('fleet.list.correctable', 'Corrected memory errors')}
        rows={readings.correctable}
        empty={t('fleet.none.correctable', 'None in the last day.')}
        more={[countColumn(t('fleet.errors', 'Errors of a day'))]}
      />
      <List
        id="replays"
        title={t('fleet.list.replays', 'PCIe packets sent again')}
        rows={readings.replays}
        empty={t('fleet.none.replays', 'None in the last hour.')}
        more={[countColumn(t('fleet.replays', 'In an hour'))]}
      />
      <List
        id="idle"
        title={t('fleet.list.idle', 'Given to a job, but idle')}
        rows={readings.idle}
        empty={t('fleet.none.idle', 'Every GPU that a job has did work in the last 15 minutes.')}
        more={[
          { heading: t('fleet.busy', 'Busy'), isNumber: true, cell: ({ value }) => formatted(value, 'percentunit', 1) },
          {
            heading: t('fleet.holder', 'Job and tenant'),
            cell: (row) => <Holders holders={holdersOf(same(row, readings.idlePods), [])} />,
          },
        ]}
      />
    </TwoColumns>
  );
}

interface ListProps {
  readonly id: string;
  readonly title: string;
  readonly rows: readonly Row[];
  readonly empty: string;
  readonly more: ReadonlyArray<LineColumn<Row>>;
}

function List({ id, title, rows, empty, more }: ListProps) {
  const gpu = {
    heading: t('fleet.gpu', 'GPU'),
    cell: ({ labels: { node = '', gpu_id: index = '', uuid = '' } }: Row): ReactNode => (
      <GpuLink {...{ node, index, uuid }} />
    ),
  };
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <LineTable
        label={title}
        testId={`hot-${id}`}
        columns={[gpu, ...more]}
        lines={rows}
        keyOf={({ labels }) => JSON.stringify(labels)}
        empty={empty}
      />
    </section>
  );
}

function countColumn(heading: string): LineColumn<Row> {
  return { heading, isNumber: true, cell: ({ value }) => formatted(value, 'locale') };
}

function same({ labels }: Row, rows: readonly Row[]): readonly Row[] {
  return rows.filter((row) => row.labels.uuid === labels.uuid);
}
