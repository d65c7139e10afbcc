import { defaultSite } from '../../alertmanager/default-site.ts';
import { renderAlertmanager } from '../../alertmanager/render.ts';
import type { Site } from '../../alertmanager/site.ts';
import { templatesDir } from '../support/alertmanager-templates.ts';
import { amtool, asJsonFile } from '../support/amtool.ts';

const loopback = { webhook: { url: 'http://127.0.0.1:9000/' } };

const sites: Readonly<Record<string, Site>> = {
  'the site that ships': defaultSite,
  'the smallest site': { receivers: { default: [loopback] } },
  'a demonstration': {
    receivers: { default: [loopback], dead_man: [loopback] },
    intervals: { group_wait: '5s', group_interval: '10s', repeat: '1m', repeat_warnings: '1m', heartbeat: '10s' },
  },
  'a site that differs by severity': {
    receivers: {
      default: [{ webhook: { ...loopback.webhook, severities: ['critical'] } }],
      workload: [
        { email: { to: ['a@example.com', 'b@example.com'], severities: ['critical'] } },
        { slack: { api_url_file: '/run/slack', severities: ['warning', 'critical'] } },
      ],
    },
    smtp: { smarthost: 'mail.example.com:25', from: 'x@example.com', hello: 'am.example.com', require_tls: false },
    external_url: 'https://alerts.example.com/am/',
    grouping: { default: ['cluster'], gpu_pages: ['rack'] },
    mute: [],
  },
};

describe('renderAlertmanager', () => {
  test.each(Object.entries(sites))('writes what amtool accepts for %s', (_name, site) => {
    const config = renderAlertmanager(site, { templatesDir });
    expect(asJsonFile(config, (file) => amtool('check-config', file))).toContain(' - 1 templates\n  SUCCESS');
  });

  test('writes the sections in the order in which people read them', () => {
    const config = renderAlertmanager(defaultSite, { templatesDir: '../templates/' });
    expect(Object.keys(config)).toEqual(['global', 'templates', 'route', 'inhibit_rules', 'receivers']);
    expect(config.templates).toEqual(['../templates/fleetlens.tmpl']);
  });

  test('writes every list out, so that YAML needs no anchors', () => {
    const seen = new Set<unknown>();
    expect(sharedLists(renderAlertmanager(defaultSite, { templatesDir }), seen)).toEqual([]);
  });

  test('has a receiver for each severity only where channels differ by it, and none that no route names', () => {
    const names = renderAlertmanager(defaultSite, { templatesDir }).receivers.map(({ name }) => name);
    expect(names).toEqual(['default', 'sre', 'sre-warning', 'observability', 'dead-man', 'nobody']);
  });

  test('never reports the end of the heartbeat', () => {
    const { receivers } = renderAlertmanager(defaultSite, { templatesDir });
    expect(receivers.find(({ name }) => name === 'dead-man')).toMatchObject({
      webhook_configs: [{ send_resolved: false }],
    });
  });

  test('checks a site that was written in TypeScript too', () => {
    const site: Site = { receivers: { default: [{ email: { to: 'a@example.com' } }] } };
    expect(() => renderAlertmanager(site, { templatesDir })).toThrow('needs a mail server');
  });
});

function sharedLists(value: unknown, seen: Set<unknown>): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (seen.has(value)) return [value];
  seen.add(value);
  return Object.values(value).flatMap((child) => sharedLists(child, seen));
}
