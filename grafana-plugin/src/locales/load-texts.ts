import type { ResourceLoader } from '@grafana/i18n';
import { initPluginTranslations } from '@grafana/i18n';
import { APP_ID } from '../constants';
import chinese from './zh-Hans/fleetlens-gpucluster-app.json';

/** English texts stand in the code. */
const ownTexts: ResourceLoader = async (language) => (language === 'zh-Hans' ? chinese : {});

export async function loadTexts(others: ResourceLoader[] = []): Promise<void> {
  await initPluginTranslations(APP_ID, [ownTexts, ...others]);
}
