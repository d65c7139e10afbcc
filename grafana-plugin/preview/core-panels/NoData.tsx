import type { PanelData } from '@grafana/data';
import React from 'react';
import { PanelDataErrorView } from '../PanelDataErrorView';

export function isEmpty({ series }: PanelData): boolean {
  return series.every(({ length }) => length === 0);
}

export function NoData(props: React.ComponentProps<typeof PanelDataErrorView>) {
  return <PanelDataErrorView {...props} />;
}
