import type { ResourceLoader } from '@grafana/i18n';
import chinese from './zh-Hans/fleetlens-failureprediction-panel.json';

/** English texts stand in the code. Grafana serves no chunks of nested panels, so the others are part of the panel. */
export const loadOwnTexts: ResourceLoader = async (language) => (language === 'zh-Hans' ? chinese : {});
