import { defaultSite } from '../../alertmanager/default-site.ts';
import { alertmanagerFile } from '../../cli/generate/files.ts';

/** The configuration of the example site; its templates are those beside it. */
export function generatedAlertmanager(): readonly (readonly [path: string, text: string])[] {
  const text = alertmanagerFile(defaultSite, 'alertmanager/default-site.ts', '../templates');
  return [['alertmanager/generated/alertmanager.yml', text]];
}
