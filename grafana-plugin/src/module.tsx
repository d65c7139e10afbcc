import { AppPlugin, type AppRootProps } from '@grafana/data';
import { LoadingPlaceholder } from '@grafana/ui';
import React, { lazy, Suspense } from 'react';
import type { Connections } from './configuration/connections';

/** Translations are there before the first text is asked for; a page that is opened without them would stay English. */
async function ready(): Promise<void> {
  const [{ loadTexts }, scenes] = await Promise.all([import('./locales/load-texts'), import('@grafana/scenes')]);
  await loadTexts([scenes.loadResources]);
}

const LazyApp = lazy(async () => {
  await ready();
  return import('./App');
});

const LazyConnections = lazy(async () => {
  await ready();
  return import('./configuration/ConnectionsPage');
});

function App(props: AppRootProps<Connections>) {
  return (
    <Suspense fallback={<LoadingPlaceholder text="" />}>
      <LazyApp {...props} />
    </Suspense>
  );
}

function Configuration(props: React.ComponentProps<typeof LazyConnections>) {
  return (
    <Suspense fallback={<LoadingPlaceholder text="" />}>
      <LazyConnections {...props} />
    </Suspense>
  );
}

export const plugin = new AppPlugin<Connections>()
  .setRootPage(App)
  .addConfigPage({ title: 'Connections', icon: 'cog', id: 'connections', body: Configuration });
