import { defineIncomingWebhook, type IncomingWebhook } from '../incoming-webhook.ts';

/** A channel of Microsoft Teams through a workflow that takes webhooks; the older connectors are switched off. */
export type MsTeams = IncomingWebhook;

export const msteams = defineIncomingWebhook('msteamsv2_configs', 'msteams', 'text');
