import { fieldsOf, optional, refused, required, text } from '../checks.ts';
import { type CommonSettings, commonKeys, commonSettings, defineChannel, message } from './channel.ts';

/** A topic of Amazon SNS. The rights come from the machine, a profile or a role, so that no key stands anywhere. */
export interface Sns extends CommonSettings {
  readonly topic_arn: string;
  readonly region: string;
  readonly profile?: string;
  readonly role_arn?: string;
}

export const sns = defineChannel<Sns>({
  configKey: 'sns_configs',
  parse(value, path) {
    const fields = fieldsOf(value, path, ['topic_arn', 'region', 'profile', 'role_arn', ...commonKeys]);
    return {
      topic_arn: required(fields, 'topic_arn', arn),
      region: required(fields, 'region', text),
      ...optional(fields, 'profile', text),
      ...optional(fields, 'role_arn', arn),
      ...commonSettings(fields),
    };
  },
  render(settings, context) {
    return {
      topic_arn: settings.topic_arn,
      sigv4: {
        region: settings.region,
        ...(settings.profile === undefined ? {} : { profile: settings.profile }),
        ...(settings.role_arn === undefined ? {} : { role_arn: settings.role_arn }),
      },
      subject: message('fleetlens.title', context),
      message: message('fleetlens.text', context),
      send_resolved: settings.send_resolved ?? true,
    };
  },
});

function arn(value: unknown, path: string): string {
  if (typeof value === 'string' && /^arn:[a-z-]+:[a-z]+:[^\s:]*:\d*:\S+$/.test(value)) return value;
  throw refused(path, value, 'an ARN such as arn:aws:sns:eu-central-1:123456789012:gpu-alerts');
}
