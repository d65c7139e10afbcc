import { t } from '@grafana/i18n';
import React from 'react';
import { asIs } from '../../locales/as-is';
import { percentText } from '../../panels/failureprediction/texts/format';
import { amount, formatted } from '../../scenes/format';
import type { ReadingsProps } from '../../scenes/ReadingsView';
import type { Row } from '../../scenes/rows';
import { type Figure, Figures } from '../cards/Figures';
import type { figureQueries } from './fleet-queries';

type Props = ReadingsProps<keyof typeof figureQueries>;

/** One look tells whether the fleet is well. */
export function FleetFigures({ readings }: Props) {
  const figures = [...gpuFigures(readings), ...loadFigures(readings), ...troubleFigures(readings)];
  return <Figures figures={figures} label={t('fleet.figures', 'The fleet at a glance')} />;
}

function gpuFigures({ known, up, allocatable, allocated }: Props['readings']): readonly Figure[] {
  const all = only(known);
  const down = all === undefined ? undefined : all - (only(up) ?? 0);
  const given = only(allocated);
  const offered = only(allocatable);
  return [
    {
      id: 'up',
      label: t('fleet.figure.up', 'GPUs up'),
      value: formatted(only(up), 'locale'),
      beside:
        all === undefined
          ? t('fleet.noRecording', 'Are the rules loaded?')
          : t('fleet.of', 'of {{all}}', { ...asIs, all }),
    },
    {
      id: 'down',
      label: t('fleet.figure.down', 'GPUs down'),
      value: formatted(down, 'locale'),
      beside: down === undefined || down === 0 ? undefined : t('fleet.which', 'Which, and why?'),
      level: down === undefined ? 'neutral' : down > 0 ? 'bad' : 'good',
      target: { to: 'hot-spots' },
    },
    {
      id: 'allocated',
      label: t('fleet.figure.allocated', 'Given to jobs'),
      value: formatted(given, 'locale'),
      beside:
        offered === undefined || given === undefined
          ? t('fleet.noAllocation', 'No device plugin seen')
          : t('fleet.idle', '{{free}} of {{offered}} free, parts of GPUs counted', {
              ...asIs,
              free: offered - given,
              offered,
            }),
    },
  ];
}

function loadFigures({ busy, power, cost }: Props['readings']): readonly Figure[] {
  const [first, ...others] = cost;
  return [
    {
      id: 'busy',
      label: t('fleet.figure.busy', 'Utilization'),
      value: formatted(only(busy), 'percentunit', 0),
      beside: t('fleet.mean', 'mean of all GPUs'),
    },
    { id: 'power', label: t('fleet.figure.power', 'Power'), value: formatted(only(power), 'watt', 1) },
    {
      id: 'cost',
      label: t('fleet.figure.cost', 'Cost of a day'),
      value: first === undefined ? '–' : amount(first.value, first.labels.currency ?? ''),
      beside:
        first === undefined
          ? t('fleet.noBilling', 'No billing')
          : [t('fleet.day', 'last 24 hours'), ...others.map(money)].join(' · '),
      target: { to: 'cost' },
    },
  ];
}

function troubleFigures({ alerts, risk, base }: Props['readings']): readonly Figure[] {
  const by = (severity: string) => alerts.find(({ labels }) => labels.severity === severity)?.value ?? 0;
  const worst = risk[0];
  const average = only(base);
  const times = worst === undefined || average === undefined || average <= 0 ? undefined : worst.value / average;
  return [
    {
      id: 'alerts',
      label: t('fleet.figure.alerts', 'Alerts firing'),
      value: String(alerts.reduce((sum, { value }) => sum + value, 0)),
      beside: t('fleet.critical', '{{critical}} critical', { ...asIs, critical: by('critical') }),
      level: by('critical') > 0 ? 'bad' : by('warning') > 0 ? 'warning' : 'good',
      target: { to: 'alerts' },
    },
    {
      id: 'risk',
      label: t('fleet.figure.risk', 'Worst failure risk'),
      value: worst === undefined ? '–' : percentText(worst.value),
      beside:
        worst === undefined
          ? t('fleet.noPrediction', 'No prediction')
          : times === undefined
            ? t('fleet.week', 'within a week')
            : t('fleet.timesAverage', 'in a week, {{times}} × average', {
                ...asIs,
                times: formatted(times, 'none', 1),
              }),
      level: times !== undefined && times >= 3 ? 'warning' : 'neutral',
      target: { to: 'risk', uuid: worst?.labels.uuid },
    },
  ];
}

function only(rows: readonly Row[]): number | undefined {
  return rows[0]?.value;
}

function money({ labels, value }: Row): string {
  return amount(value, labels.currency ?? '');
}
