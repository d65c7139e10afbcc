import {
  type ChannelKind,
  type CommonSettings,
  commonKeys,
  commonSettings,
  defineChannel,
  message,
} from './channels/channel.ts';
import { fieldsOf, filePath, required } from './checks.ts';
import type { FeatureName } from './features.ts';

/** A channel of a chat program through a webhook of its own, whose URL is a secret. */
export interface IncomingWebhook extends CommonSettings {
  readonly webhook_url_file: string;
}

/** A kind that takes a title and a text; `textKey` is how Alertmanager calls the text. */
export function defineIncomingWebhook(
  configKey: ChannelKind<IncomingWebhook>['configKey'],
  feature: FeatureName,
  textKey: 'message' | 'text',
): ChannelKind<IncomingWebhook> {
  return defineChannel<IncomingWebhook>({
    configKey,
    features: () => [feature],
    parse(value, path) {
      const fields = fieldsOf(value, path, ['webhook_url_file', ...commonKeys]);
      return { webhook_url_file: required(fields, 'webhook_url_file', filePath), ...commonSettings(fields) };
    },
    render(settings, context) {
      return {
        webhook_url_file: settings.webhook_url_file,
        title: message('fleetlens.title', context),
        [textKey]: message('fleetlens.text', context),
        send_resolved: settings.send_resolved ?? true,
      };
    },
  });
}
