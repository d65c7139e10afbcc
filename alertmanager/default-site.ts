import type { Site } from './site.ts';

const secrets = '/etc/alertmanager/secrets';

/** The example that ships: loads as it is, tells a receiver on the same machine, and shows every kind of channel. */
export const defaultSite = {
  receivers: {
    default: [{ webhook: { url: 'http://127.0.0.1:9416/default' } }],
    sre: [
      { webhook: { url: 'http://127.0.0.1:9416/sre' } },
      { email: { to: 'gpu-oncall@example.com', severities: ['critical'] } },
      { slack: { api_url_file: `${secrets}/slack-sre-url`, channel: '#gpu-alerts' } },
    ],
    observability: [
      { webhook: { url: 'http://127.0.0.1:9416/observability', credentials_file: `${secrets}/webhook-token` } },
    ],
    dead_man: [{ webhook: { url: 'http://127.0.0.1:9416/heartbeat' } }],
  },
  smtp: {
    smarthost: 'mail.example.com:587',
    from: 'fleetlens@example.com',
    username: 'fleetlens',
    password_file: `${secrets}/smtp-password`,
  },
} as const satisfies Site;
