import { fieldsOf, filePath, optional, required, text } from '../checks.ts';
import { endpointUrl } from '../urls.ts';
import { bySeverity, type CommonSettings, commonKeys, commonSettings, defineChannel, message } from './channel.ts';

/** An issue of Jira for each group of alerts. */
export interface Jira extends CommonSettings {
  /** Such as `https://example.atlassian.net/rest/api/2/`. */
  readonly api_url: string;
  readonly username: string;
  /** The API token of that user. */
  readonly password_file: string;
  readonly project: string;
  readonly issue_type: string;
  /** Name of the transition that closes an issue when its alerts are over. */
  readonly resolve_transition?: string;
  /** Name of the one that opens it again. */
  readonly reopen_transition?: string;
}

const keys = [
  'api_url',
  'username',
  'password_file',
  'project',
  'issue_type',
  'resolve_transition',
  'reopen_transition',
] as const;

export const jira = defineChannel<Jira>({
  configKey: 'jira_configs',
  features: () => ['jira'],
  parse(value, path) {
    const fields = fieldsOf(value, path, [...keys, ...commonKeys]);
    return {
      api_url: required(fields, 'api_url', endpointUrl),
      username: required(fields, 'username', text),
      password_file: required(fields, 'password_file', filePath),
      project: required(fields, 'project', text),
      issue_type: required(fields, 'issue_type', text),
      ...optional(fields, 'resolve_transition', text),
      ...optional(fields, 'reopen_transition', text),
      ...commonSettings(fields),
    };
  },
  render(settings, context) {
    const { api_url, username, password_file, project, issue_type, resolve_transition, reopen_transition } = settings;
    return {
      api_url,
      http_config: { basic_auth: { username, password_file } },
      project,
      issue_type,
      summary: message('fleetlens.title', context),
      description: message('fleetlens.text', context),
      priority: bySeverity({ critical: 'Highest', warning: 'Medium', info: 'Low', other: 'High' }),
      labels: ['fleetlens'],
      ...(resolve_transition === undefined ? {} : { resolve_transition }),
      ...(reopen_transition === undefined ? {} : { reopen_transition }),
      send_resolved: settings.send_resolved ?? true,
    };
  },
});
