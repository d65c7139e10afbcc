import { initPluginTranslations, type ResourceLoader } from '@grafana/i18n';
import panel from '../plugin.json';
import chinese from './zh-Hans/fleetlens-cmdblookup-panel.json';

/** English texts stand in the code. They lie beside them, since Grafana serves no chunks of nested panels. */
const texts: ResourceLoader = async (language) => (language === 'zh-Hans' ? chinese : {});

export function loadTexts(): void {
  void initPluginTranslations(panel.id, [texts]);
}
