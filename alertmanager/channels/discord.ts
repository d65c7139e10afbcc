import { defineIncomingWebhook, type IncomingWebhook } from '../incoming-webhook.ts';

/** A channel of Discord. */
export type Discord = IncomingWebhook;

export const discord = defineIncomingWebhook('discord_configs', 'discord', 'message');
