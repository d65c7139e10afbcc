import { fieldsOf, filePath, nonEmptyListOf, oneOf, optional, required, text } from '../checks.ts';
import { endpointUrl } from '../urls.ts';
import { bySeverity, type CommonSettings, commonKeys, commonSettings, defineChannel, message } from './channel.ts';

const responderTypes = ['team', 'user', 'escalation', 'schedule'] as const;

interface Responder {
  readonly name: string;
  readonly type: (typeof responderTypes)[number];
}

/** Opsgenie, or Jira Service Management by the same API. */
export interface Opsgenie extends CommonSettings {
  readonly api_key_file: string;
  /** Another address of the API, such as `https://api.eu.opsgenie.com/`. */
  readonly api_url?: string;
  readonly responders?: readonly Responder[];
}

export const opsgenie = defineChannel<Opsgenie>({
  configKey: 'opsgenie_configs',
  parse(value, path) {
    const fields = fieldsOf(value, path, ['api_key_file', 'api_url', 'responders', ...commonKeys]);
    return {
      api_key_file: required(fields, 'api_key_file', filePath),
      ...optional(fields, 'api_url', endpointUrl),
      ...optional(fields, 'responders', nonEmptyListOf(responder)),
      ...commonSettings(fields),
    };
  },
  render(settings, context) {
    return {
      api_key_file: settings.api_key_file,
      ...(settings.api_url === undefined ? {} : { api_url: settings.api_url }),
      message: message('fleetlens.title', context),
      description: message('fleetlens.text', context),
      source: message('fleetlens.alerts_url', context),
      priority: bySeverity({ critical: 'P1', warning: 'P3', info: 'P5', other: 'P2' }),
      ...(settings.responders === undefined ? {} : { responders: settings.responders.map((each) => ({ ...each })) }),
      send_resolved: settings.send_resolved ?? true,
    };
  },
});

function responder(value: unknown, path: string): Responder {
  const fields = fieldsOf(value, path, ['name', 'type']);
  return { name: required(fields, 'name', text), type: required(fields, 'type', oneOf(responderTypes)) };
}
