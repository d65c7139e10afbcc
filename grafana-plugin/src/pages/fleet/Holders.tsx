import { t } from '@grafana/i18n';
import React from 'react';
import { asIs } from '../../locales/as-is';
import { PlaceLink } from '../links/PlaceLink';
import type { Holder } from './tenants';

const most = 3;

/** Jobs on a GPU, each with its tenant; a shared GPU may have many. */
export function Holders({ holders }: { readonly holders: readonly Holder[] }) {
  if (holders.length === 0) return <>{t('fleet.nobody', 'Nobody')}</>;
  const left = holders.length - most;
  return (
    <>
      {holders.slice(0, most).map(({ namespace, pod, tenant }) => (
        <div key={`${namespace}/${pod}`}>
          <PlaceLink target={{ to: 'job', namespace, pod }}>{pod}</PlaceLink>{' '}
          <PlaceLink target={{ to: 'cost', tenant }}>{`(${tenant})`}</PlaceLink>
        </div>
      ))}
      {left > 0 && <div>{t('fleet.moreHolders', 'and {{left}} more', { ...asIs, left })}</div>}
    </>
  );
}

export function GpuLink({
  node,
  index,
  uuid,
}: {
  readonly node: string;
  readonly index: string;
  readonly uuid: string;
}) {
  return (
    <>
      <PlaceLink target={{ to: 'gpu', uuid }}>{t('fleet.gpuIndex', 'GPU {{index}}', { ...asIs, index })}</PlaceLink>{' '}
      <PlaceLink target={{ to: 'node', node }}>{node}</PlaceLink>
    </>
  );
}
