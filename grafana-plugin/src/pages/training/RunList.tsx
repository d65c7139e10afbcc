import { t } from '@grafana/i18n';
import { Badge } from '@grafana/ui';
import React from 'react';
import { asIs } from '../../locales/as-is';
import { formatted, lasting } from '../../scenes/format';
import type { ReadingsProps } from '../../scenes/ReadingsView';
import { LineTable } from '../cards/LineTable';
import { PlaceLink } from '../links/PlaceLink';
import type { runQueries } from './run-queries';
import { type Run, runsOf } from './runs';
import { verdictText } from './verdict-text';

/** Every run with a verdict and its reason; those that need somebody stand first. */
export function RunList({ readings }: ReadingsProps<keyof typeof runQueries>) {
  return (
    <LineTable<Run>
      label={t('training.runs', 'Runs')}
      testId="run-list"
      lines={runsOf(readings)}
      keyOf={({ key }) => key}
      empty={t('training.noRun', 'No run is seen. Does a training exporter follow where the runs write?')}
      columns={[
        {
          heading: t('training.run', 'Run'),
          cell: ({ run }) => <PlaceLink target={{ to: 'run', run }}>{run}</PlaceLink>,
        },
        { heading: t('training.verdict', 'How is it?'), cell: (run) => <Verdict run={run} /> },
        { heading: t('training.progress', 'Progress'), isNumber: true, cell: progressOf },
        { heading: t('training.left', 'Time left'), isNumber: true, cell: ({ leftSeconds }) => lasting(leftSeconds) },
        { heading: t('training.loss', 'Loss'), isNumber: true, cell: ({ loss }) => formatted(loss, 'none', 3) },
        {
          heading: t('training.tokens', 'Tokens/s'),
          isNumber: true,
          cell: ({ tokens }) => formatted(tokens, 'short', 1),
        },
        {
          heading: t('training.goodput', 'Goodput'),
          isNumber: true,
          cell: ({ goodput }) => formatted(goodput, 'percentunit', 0),
        },
        {
          heading: t('training.slowest', 'Slowest rank'),
          isNumber: true,
          cell: ({ slowest }) => formatted(slowest, 'percentunit', 0),
        },
      ]}
    />
  );
}

function Verdict({ run }: { readonly run: Run }) {
  const { colour, name, why } = verdictText(run);
  return (
    <div style={{ minWidth: 220 }}>
      <Badge color={colour} text={name} /> <div>{why}</div>
      {run.alerts.map((alertname) => (
        <div key={alertname}>
          <PlaceLink target={{ to: 'alerts', search: alertname }}>{alertname}</PlaceLink>
        </div>
      ))}
    </div>
  );
}

function progressOf({ step, steps }: Run): string {
  const at = formatted(step, 'locale');
  if (step === undefined || steps === undefined || steps <= 0) return at;
  return t('training.progressOf', '{{share}} of {{steps}}', {
    ...asIs,
    share: formatted(Math.min(1, step / steps), 'percentunit', 0),
    steps: formatted(steps, 'locale'),
  });
}
