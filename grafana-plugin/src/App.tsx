import type { AppRootProps } from '@grafana/data';
import { SceneApp, useSceneApp } from '@grafana/scenes';
import React from 'react';
import { Navigate, useLocation } from 'react-router-dom';
import type { Connections } from './configuration/connections';
import { pageUrl } from './constants';
import { appPages } from './pages';

/** The pages of the app. Time range and variables live in the address. */
export default function App({ basename }: AppRootProps<Connections>) {
  const { pathname, search } = useLocation();
  const app = useSceneApp(makeApp);
  if (pathname.replace(/\/$/, '') === basename) return <Navigate to={{ pathname: pageUrl('fleet'), search }} replace />;
  return <app.Component model={app} />;
}

function makeApp(): SceneApp {
  return new SceneApp({
    pages: appPages(),
    urlSyncOptions: { updateUrlOnInit: true, createBrowserHistorySteps: true },
  });
}
