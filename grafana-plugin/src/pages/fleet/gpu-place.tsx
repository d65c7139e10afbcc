import { t } from '@grafana/i18n';
import React from 'react';
import { asIs } from '../../locales/as-is';
import type { Fact } from '../cards/Facts';
import { PlaceLink } from '../links/PlaceLink';
import type { GpuReadings } from './GpuCard';
import { Holders } from './Holders';
import { holdersOf, tenantsOf } from './tenants';

/** Jobs, tenants, and what they pay. */
export function gpuHolderFacts({ pods, jobs, tenants }: GpuReadings): readonly Fact[] {
  const holders = holdersOf(pods, tenants);
  const names = tenantsOf(holders);
  const batch = jobs.map(({ labels }) => labels.job_id ?? '').filter((id) => id !== '');
  return [
    { id: 'job', label: t('fleet.holder', 'Job and tenant'), value: <Holders holders={holders} /> },
    ...(batch.length === 0 ? [] : [{ id: 'batch', label: t('fleet.batchJob', 'Batch job'), value: batch.join(', ') }]),
    {
      id: 'bill',
      label: t('fleet.bill', 'Bills'),
      value:
        names.length === 0
          ? '–'
          : names.map((tenant) => (
              <div key={tenant}>
                <PlaceLink target={{ to: 'cost', tenant }}>
                  {t('fleet.billOf', 'Bills of {{tenant}}', { ...asIs, tenant })}
                </PlaceLink>
              </div>
            )),
    },
  ];
}

/** Node, rack and site, and what the inventory says. */
export function gpuPlaceFacts({ info, up, place, labelled }: GpuReadings): readonly Fact[] {
  const board = { ...up[0]?.labels, ...info[0]?.labels };
  const known = place[0]?.labels ?? {};
  const rack = known.rack ?? labelled[0]?.labels.rack;
  const site = [known.site, known.room].filter((part) => part !== undefined).join(' / ');
  const node = board.node;
  return [
    {
      id: 'node',
      label: t('fleet.node', 'Node'),
      value: node === undefined ? '–' : <PlaceLink target={{ to: 'node', node }}>{node}</PlaceLink>,
    },
    { id: 'index', label: t('fleet.index', 'Index'), value: board.gpu_id ?? '–' },
    {
      id: 'rack',
      label: t('fleet.rack', 'Rack'),
      value: rack === undefined ? '–' : <PlaceLink target={{ to: 'rack', rack }}>{rack}</PlaceLink>,
    },
    { id: 'site', label: t('fleet.site', 'Site and room'), value: site === '' ? '–' : site },
    { id: 'model', label: t('fleet.model', 'Model'), value: board.model ?? '–' },
    {
      id: 'serial',
      label: t('fleet.serial', 'Serial number'),
      value:
        board.serial === undefined ? (
          '–'
        ) : (
          <PlaceLink target={{ to: 'inventory', q: board.serial }}>{board.serial}</PlaceLink>
        ),
    },
    { id: 'team', label: t('fleet.team', 'Looked after by'), value: known.team ?? '–' },
  ];
}
