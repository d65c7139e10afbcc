import type { AppPluginMeta, PluginConfigPageProps } from '@grafana/data';
import React from 'react';
import type { Connections } from './connections';

export default function ConnectionsPage({ plugin }: PluginConfigPageProps<AppPluginMeta<Connections>>) {
  return <div>{plugin.meta.name}</div>;
}
