import type { ResourceLoader } from '@grafana/i18n';
import { initPluginTranslations } from '@grafana/i18n';
import { APP_ID } from '../constants';
import panel from '../panels/cmdblookup/locales/zh-Hans/fleetlens-cmdblookup-panel.json';
import chinese from './zh-Hans/fleetlens-gpucluster-app.json';

/** English texts stand in the code. Pages show parts of the panels, whose texts lie with the panels. */
const ownTexts: ResourceLoader = async (language) => (language === 'zh-Hans' ? { ...panel, ...chinese } : {});

export async function loadTexts(others: ResourceLoader[] = []): Promise<void> {
  await initPluginTranslations(APP_ID, [ownTexts, ...others]);
}
