import { t } from '@grafana/i18n';
import React from 'react';
import type { ReadingsProps } from '../../scenes/ReadingsView';
import { Facts } from '../cards/Facts';
import { PlaceLink } from '../links/PlaceLink';
import type { placeQueries } from './gpu-cell-queries';

/** Where a node stands and whose it is. */
export function NodePlace({ readings }: ReadingsProps<keyof typeof placeQueries>) {
  const known = readings.place[0]?.labels ?? {};
  const rack = known.rack ?? readings.rack[0]?.labels.rack;
  const node = known.node ?? readings.rack[0]?.labels.node;
  const site = [known.site, known.room].filter((part) => part !== undefined).join(' / ');
  const facts = [
    {
      id: 'rack',
      label: t('fleet.rack', 'Rack'),
      value: rack === undefined ? '–' : <PlaceLink target={{ to: 'rack', rack }}>{rack}</PlaceLink>,
    },
    { id: 'site', label: t('fleet.site', 'Site and room'), value: site === '' ? '–' : site },
    { id: 'owner', label: t('fleet.owner', 'Used by'), value: known.owner ?? '–' },
    { id: 'team', label: t('fleet.team', 'Looked after by'), value: known.team ?? '–' },
    { id: 'model', label: t('fleet.model', 'Model'), value: known.model ?? '–' },
    {
      id: 'inventory',
      label: t('fleet.inventory', 'Inventory'),
      value:
        node === undefined ? (
          '–'
        ) : (
          <PlaceLink target={{ to: 'inventory', q: node }}>
            {known.state ?? t('fleet.notInInventory', 'not listed')}
          </PlaceLink>
        ),
    },
  ];
  return <Facts facts={facts} label={t('fleet.where', 'Where it is')} />;
}
