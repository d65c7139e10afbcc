import { setPanelDataErrorView } from 'runtime-file:components/PanelDataErrorView';
import { setPluginPage } from 'runtime-file:components/PluginPage';
import { initPluginTranslations } from '@grafana/i18n';
import { config } from '@grafana/runtime';
import React from 'react';
import { createRoot } from 'react-dom/client';
import { followLinks } from './follow-links';
import { changeLanguage } from './language';
import { loadApp } from './load-plugin';
import { PanelDataErrorView } from './PanelDataErrorView';
import { PluginPage } from './PluginPage';
import { fillRegistries } from './registries';
import { Shell } from './Shell';
import { setServices } from './services';
import { shareModules } from './shared-modules';

const appId = 'fleetlens-gpucluster-app';

async function start(): Promise<void> {
  const knobs = new URLSearchParams(document.location.search);
  shareModules();
  fillRegistries();
  setServices({ noDataSource: knobs.has('no-data-source') });
  setPluginPage(PluginPage);
  setPanelDataErrorView(PanelDataErrorView);
  await initPluginTranslations('grafana-ui', []);
  await changeLanguage(config.bootData.user.language);
  followLinks();
  const app = await loadApp(appId);
  createRoot(document.getElementById('root') as HTMLElement).render(<Shell app={app} />);
  document.body.dataset.hostReady = 'true';
}

function fail(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  document.body.dataset.hostError = text;
  const box = document.createElement('pre');
  box.id = 'failure';
  box.textContent = `The preview could not start.\n\n${text}`;
  document.body.append(box);
}

window.addEventListener('unhandledrejection', ({ reason }) => {
  document.body.dataset.hostError = reason instanceof Error ? (reason.stack ?? reason.message) : JSON.stringify(reason);
});

start().catch(fail);
