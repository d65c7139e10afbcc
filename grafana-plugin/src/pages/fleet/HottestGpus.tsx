import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { asIs } from '../../locales/as-is';
import { percentText } from '../../panels/failureprediction/texts/format';
import { formatted } from '../../scenes/format';
import type { ReadingsProps } from '../../scenes/ReadingsView';
import { type Fact, Facts } from '../cards/Facts';
import { LineTable } from '../cards/LineTable';
import { PlaceLink } from '../links/PlaceLink';
import type { hottestQueries } from './fleet-queries';
import { GpuLink, Holders } from './Holders';
import { type HotGpu, hotGpusOf } from './hot-gpus';

type Props = ReadingsProps<keyof typeof hottestQueries>;

/** The hottest GPU with all that a first-time user asks of it, each a link, and the next nine in short. */
export function HottestGpus({ readings }: Props) {
  const styles = useStyles2(getStyles);
  const [first, ...next] = hotGpusOf(readings);
  if (first === undefined) return <div role="status">{t('fleet.noTemperature', 'No GPU reports a temperature.')}</div>;
  return (
    <div className={styles.box}>
      <Facts facts={factsOf(first)} label={t('fleet.hottest', 'Hottest GPU')} />
      <LineTable<HotGpu>
        label={t('fleet.nextHottest', 'Next hottest')}
        testId="next-hottest"
        lines={next}
        keyOf={({ uuid }) => uuid}
        empty={t('fleet.noOther', 'There is no other GPU.')}
        columns={[
          { heading: t('fleet.gpu', 'GPU'), cell: (gpu) => <GpuLink {...gpu} /> },
          { heading: t('fleet.temperature', 'Temperature'), isNumber: true, cell: heatOf },
          { heading: t('fleet.holder', 'Job and tenant'), cell: ({ holders }) => <Holders holders={holders} /> },
          { heading: t('fleet.rack', 'Rack'), cell: rackOf },
          { heading: t('fleet.risk', 'Risk in a week'), isNumber: true, cell: riskOf },
        ]}
      />
    </div>
  );
}

function factsOf(gpu: HotGpu): readonly Fact[] {
  const tenants = [...new Set(gpu.holders.map(({ tenant }) => tenant))];
  return [
    { id: 'gpu', label: t('fleet.hottest', 'Hottest GPU'), value: <GpuLink {...gpu} /> },
    { id: 'temperature', label: t('fleet.temperature', 'Temperature'), value: heatOf(gpu) },
    { id: 'holder', label: t('fleet.holder', 'Job and tenant'), value: <Holders holders={gpu.holders} /> },
    { id: 'rack', label: t('fleet.rack', 'Rack'), value: rackOf(gpu) },
    { id: 'risk', label: t('fleet.risk', 'Risk in a week'), value: riskOf(gpu) },
    {
      id: 'bill',
      label: t('fleet.bill', 'Bills'),
      value:
        tenants.length === 0
          ? '–'
          : tenants.map((tenant) => (
              <div key={tenant}>
                <PlaceLink target={{ to: 'cost', tenant }}>
                  {t('fleet.billOf', 'Bills of {{tenant}}', { ...asIs, tenant })}
                </PlaceLink>
              </div>
            )),
    },
  ];
}

function heatOf({ temperature, limit }: HotGpu): string {
  const text = formatted(temperature, 'celsius', 0);
  return limit === undefined ? text : t('fleet.heatOfLimit', '{{text}}, limit {{limit}} °C', { ...asIs, text, limit });
}

function rackOf({ rack }: HotGpu) {
  return rack === undefined ? '–' : <PlaceLink target={{ to: 'rack', rack }}>{rack}</PlaceLink>;
}

function riskOf({ uuid, risk }: HotGpu) {
  return risk === undefined ? '–' : <PlaceLink target={{ to: 'risk', uuid }}>{percentText(risk)}</PlaceLink>;
}

function getStyles(theme: GrafanaTheme2) {
  return { box: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1) }) };
}
