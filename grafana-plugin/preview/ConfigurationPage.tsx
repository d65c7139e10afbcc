import type { AppPlugin } from '@grafana/data';
import React from 'react';
import { PluginPage } from './PluginPage';

/** The configuration of the app, which Grafana shows to administrators. */
export function ConfigurationPage({ app }: { readonly app: AppPlugin }) {
  const [page] = app.configPages ?? [];
  if (page === undefined) return <div>The app has no configuration.</div>;
  const Body = page.body;
  return (
    <PluginPage pageNav={{ text: app.meta.name, subTitle: page.title }}>
      <Body plugin={app} query={{}} />
    </PluginPage>
  );
}
