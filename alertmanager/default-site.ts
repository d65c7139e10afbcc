import type { Site } from './site.ts';

const secrets = '/etc/alertmanager/secrets';
const bridge = 'http://127.0.0.1:9416';

/** The example that ships: loads as it is and tells robots of the bridge on the same machine. What tells of the bridge itself goes another way. */
export const defaultSite = {
  receivers: {
    default: [{ bridge: { url: bridge, robot: 'default' } }],
    sre: [
      { bridge: { url: bridge, robot: 'sre' } },
      { email: { to: 'gpu-oncall@example.com', severities: ['critical'] } },
      { slack: { api_url_file: `${secrets}/slack-sre-url`, channel: '#gpu-alerts' } },
    ],
    observability: [
      { webhook: { url: 'https://hooks.example.com/observability', credentials_file: `${secrets}/webhook-token` } },
    ],
    dead_man: [{ webhook: { url: 'https://heartbeat.example.com/fleetlens' } }],
  },
  smtp: {
    smarthost: 'mail.example.com:587',
    from: 'fleetlens@example.com',
    username: 'fleetlens',
    password_file: `${secrets}/smtp-password`,
  },
} as const satisfies Site;
