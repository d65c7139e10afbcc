import { t } from '@grafana/i18n';
import React from 'react';
import { formatted } from '../../scenes/format';
import type { ReadingsProps } from '../../scenes/ReadingsView';
import type { Row } from '../../scenes/rows';
import { LineTable } from '../cards/LineTable';
import { PlaceLink } from '../links/PlaceLink';
import type { modelQueries } from './model-queries';

type Props = ReadingsProps<keyof typeof modelQueries>;

/** A line for each model and each kind of server that saw its requests; the most asked first. */
export function ModelList({ readings }: Props) {
  const { requests, failing, firstToken, perToken, generated, running, waiting, cache } = readings;
  const seen = new Map([...requests, ...running].map((row) => [keyOf(row), row] as const));
  const lines = [...seen.values()].sort((a, b) => (same(requests, b) ?? 0) - (same(requests, a) ?? 0));
  const column = (heading: string, rows: readonly Row[], unit: string, decimals?: number) => ({
    heading,
    isNumber: true,
    cell: (line: Row) => formatted(same(rows, line), unit, decimals),
  });
  return (
    <LineTable<Row>
      label={t('serving.models', 'Models')}
      testId="model-list"
      lines={lines}
      keyOf={keyOf}
      empty={t('serving.noModel', 'No model is seen. Are the inference exporter and the engines scraped?')}
      columns={[
        {
          heading: t('serving.model', 'Model'),
          cell: ({ labels: { model_name: model = '' } }) => (
            <PlaceLink target={{ to: 'model', model }}>{model}</PlaceLink>
          ),
        },
        { heading: t('serving.seenAt', 'Seen at'), cell: ({ labels }) => labels.engine_kind ?? '' },
        column(t('serving.requests', 'Requests/s'), requests, 'none', 2),
        column(t('serving.failing', 'Failing'), failing, 'percentunit', 1),
        column(t('serving.firstToken', 'First token, 95 %'), firstToken, 's'),
        column(t('serving.perToken', 'Per token, 95 %'), perToken, 's'),
        column(t('serving.generated', 'Tokens/s'), generated, 'short', 1),
        column(t('serving.running', 'Running'), running, 'locale', 0),
        column(t('serving.waiting', 'Waiting'), waiting, 'locale', 0),
        column(t('serving.cache', 'KV cache'), cache, 'percentunit', 0),
      ]}
    />
  );
}

function same(rows: readonly Row[], line: Row): number | undefined {
  return rows.find((row) => keyOf(row) === keyOf(line))?.value;
}

function keyOf({ labels: { cluster, engine_kind, model_name } }: Row): string {
  return JSON.stringify([cluster, engine_kind, model_name]);
}
