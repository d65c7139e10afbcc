import { fieldsOf, refused, required } from '../checks.ts';
import { type CommonSettings, commonKeys, commonSettings, defineChannel, message } from './channel.ts';

/** Mail through the site's SMTP server, as HTML with a plain text beside it. */
export interface Email extends CommonSettings {
  readonly to: string | readonly string[];
}

export const email = defineChannel<Email>({
  configKey: 'email_configs',
  parse(value, path) {
    const fields = fieldsOf(value, path, ['to', ...commonKeys]);
    return { to: required(fields, 'to', recipients), ...commonSettings(fields) };
  },
  render(settings, context) {
    return {
      to: typeof settings.to === 'string' ? settings.to : settings.to.join(', '),
      headers: { Subject: message('fleetlens.title', context) },
      html: message('fleetlens.email.html', context),
      text: message('fleetlens.text', context),
      send_resolved: settings.send_resolved ?? true,
    };
  },
});

function recipients(value: unknown, path: string): Email['to'] {
  if (!Array.isArray(value)) return address(value, path);
  if (value.length === 0) throw refused(path, value, 'at least one address');
  return value.map((item, index) => address(item, `${path}[${index}]`));
}

/** Only what catches a slip; whether a mailbox exists is for the mail server to say. */
export function address(value: unknown, path: string): string {
  if (typeof value === 'string' && /^[^\s@,;<>]+@[^\s@,;<>]+$/.test(value)) return value;
  throw refused(path, value, 'an address such as oncall@example.com');
}
