import type { AppRootProps } from '@grafana/data';
import { SceneApp, useSceneApp } from '@grafana/scenes';
import React from 'react';
import type { Connections } from './configuration/connections';
import { appPages } from './pages';

/** The pages of the app. Time range and variables live in the address. */
export default function App(_props: AppRootProps<Connections>) {
  const app = useSceneApp(makeApp);
  return <app.Component model={app} />;
}

function makeApp(): SceneApp {
  return new SceneApp({
    pages: appPages(),
    urlSyncOptions: { updateUrlOnInit: true, createBrowserHistorySteps: true },
  });
}
