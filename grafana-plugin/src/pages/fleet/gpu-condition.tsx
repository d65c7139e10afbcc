import { t } from '@grafana/i18n';
import { Badge } from '@grafana/ui';
import React from 'react';
import { asIs } from '../../locales/as-is';
import { percentText } from '../../panels/failureprediction/texts/format';
import { formatted, lasting } from '../../scenes/format';
import type { Row } from '../../scenes/rows';
import type { Fact } from '../cards/Facts';
import { PlaceLink } from '../links/PlaceLink';
import type { GpuReadings } from './GpuCard';

/** Readings against their limits. */
export function gpuReadingFacts(readings: GpuReadings): readonly Fact[] {
  const { temperature, slowdown, memoryTemperature, power, powerLimit, busy, memoryUsed, memoryTotal } = readings;
  return [
    {
      id: 'temperature',
      label: t('fleet.temperature', 'Temperature'),
      value: against(temperature, slowdown, 'celsius', 0),
    },
    {
      id: 'memory-temperature',
      label: t('fleet.memoryTemperature', 'Memory temperature'),
      value: formatted(only(memoryTemperature), 'celsius', 0),
    },
    { id: 'power', label: t('fleet.power', 'Power'), value: against(power, powerLimit, 'watt', 0) },
    { id: 'busy', label: t('fleet.busy', 'Busy'), value: formatted(only(busy), 'percentunit', 0) },
    { id: 'memory', label: t('fleet.memory', 'Memory in use'), value: against(memoryUsed, memoryTotal, 'bytes', 1) },
  ];
}

/** Health now, and what is likely. */
export function gpuConditionFacts(readings: GpuReadings): readonly Fact[] {
  const { held, xids, ecc, alerts } = readings;
  return [
    { id: 'state', label: t('fleet.state', 'State'), value: stateOf(readings) },
    {
      id: 'held',
      label: t('fleet.held', 'Clocks held down by'),
      value:
        held.length === 0 ? t('fleet.holdsNothing', 'Nothing') : held.map(({ labels }) => labels.reason).join(', '),
    },
    {
      id: 'xids',
      label: t('fleet.xids', 'XID errors'),
      value:
        xids.length === 0
          ? t('fleet.nothing', 'None')
          : xids.map(({ labels: { xid = '' }, value }) => (
              <div key={xid}>{t('fleet.xidAgo', '{{xid}}, {{ago}} ago', { ...asIs, xid, ago: lasting(value) })}</div>
            )),
    },
    { id: 'ecc', label: t('fleet.ecc', 'Memory errors'), value: eccText(ecc) },
    {
      id: 'alerts',
      label: t('fleet.figure.alerts', 'Alerts firing'),
      value: alerts.length === 0 ? t('fleet.nothing', 'None') : alerts.map(alertLink),
    },
    { id: 'risk', label: t('fleet.risk', 'Risk in a week'), value: riskOf(readings) },
    { id: 'inventory', label: t('fleet.inventory', 'Inventory'), value: inventoryOf(readings) },
  ];
}

function stateOf({ up, failure }: GpuReadings) {
  if (up.length === 0) return <Badge color="orange" text={t('fleet.silent', 'not seen')} />;
  if (only(up) === 1) return <Badge color="green" text={t('fleet.cell.isUp', 'up')} />;
  const error = failure[0]?.labels.error ?? '';
  return <Badge color="red" text={`${t('fleet.cell.isDown', 'down')} ${error}`.trim()} />;
}

function riskOf({ risk, base, rules, info, up }: GpuReadings) {
  const uuid = info[0]?.labels.uuid ?? up[0]?.labels.uuid;
  const week = at(risk, '7d');
  if (week === undefined || uuid === undefined) return t('fleet.noPrediction', 'No prediction');
  const average = at(base, '7d');
  const times =
    average === undefined
      ? ''
      : t('fleet.times', ' ({{times}} × average)', { ...asIs, times: formatted(week / average, 'none', 1) });
  return (
    <>
      <PlaceLink target={{ to: 'risk', uuid }}>{`${percentText(week)}${times}`}</PlaceLink>
      {rules.map(({ labels: { rule = '' } }) => (
        <div key={rule}>{t('fleet.rule', 'Rule met: {{rule}}', { ...asIs, rule })}</div>
      ))}
    </>
  );
}

function inventoryOf({ info, up, place }: GpuReadings) {
  const uuid = info[0]?.labels.uuid ?? up[0]?.labels.uuid;
  if (uuid === undefined) return '–';
  const state = place[0]?.labels.state ?? t('fleet.notInInventory', 'not listed');
  return <PlaceLink target={{ to: 'inventory', q: uuid }}>{state}</PlaceLink>;
}

function alertLink({ labels: { alertname = '' } }: Row) {
  return (
    <div key={alertname}>
      <PlaceLink target={{ to: 'alerts', search: alertname }}>{alertname}</PlaceLink>
    </div>
  );
}

function eccText(rows: readonly Row[]): string {
  if (rows.length === 0) return t('fleet.noEcc', 'ECC is off');
  const count = (severity: string) => rows.find(({ labels }) => labels.severity === severity)?.value ?? 0;
  return t('fleet.eccCounts', '{{uncorrectable}} not corrected, {{correctable}} corrected', {
    ...asIs,
    uncorrectable: count('uncorrectable'),
    correctable: count('correctable'),
  });
}

function against(value: readonly Row[], limit: readonly Row[], unit: string, decimals: number): string {
  const text = formatted(only(value), unit, decimals);
  return limit.length === 0
    ? text
    : t('fleet.against', '{{text}} of {{limit}}', { ...asIs, text, limit: formatted(only(limit), unit, decimals) });
}

function at(rows: readonly Row[], horizon: string): number | undefined {
  return rows.find(({ labels }) => labels.horizon === horizon)?.value;
}

function only(rows: readonly Row[]): number | undefined {
  return rows[0]?.value;
}
