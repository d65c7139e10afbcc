import type { AppRootProps } from '@grafana/data';
import { SceneApp, useSceneApp } from '@grafana/scenes';
import React from 'react';
import { Navigate } from 'react-router-dom';
import type { Connections } from './configuration/connections';
import { pageUrl } from './constants';
import { appPages } from './pages';

/** The pages of the app. Time range and variables live in the address. */
export default function App({ path, basename }: AppRootProps<Connections>) {
  const app = useSceneApp(makeApp);
  if (path.replace(/\/$/, '') === basename) return <Navigate to={pageUrl('fleet')} replace />;
  return <app.Component model={app} />;
}

function makeApp(): SceneApp {
  return new SceneApp({
    pages: appPages(),
    urlSyncOptions: { updateUrlOnInit: true, createBrowserHistorySteps: true },
  });
}
