import type { PanelProps } from '@grafana/data';
import React from 'react';
import type { Options } from './options';

export function Panel({ data }: PanelProps<Options>) {
  return <div>{data.series.length}</div>;
}
