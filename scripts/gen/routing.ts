import { takenRoutes } from '../../alertmanager/match-routes.ts';
import { nobody } from '../../alertmanager/receiver-sets.ts';
import { renderAlertmanager } from '../../alertmanager/render.ts';
import type { Site } from '../../alertmanager/site.ts';
import { type Alert, teams } from '../../rules/alert.ts';
import { alertThemes } from '../../rules/alerts/index.ts';
import { generatedFrom, table } from '../../rules/render/markdown.ts';
import { ruleLabels } from '../../rules/render/prometheus.ts';

const hook = [{ webhook: { url: 'http://127.0.0.1/' } }];
/** Every team has a channel of its own, named after it, and hears of everything. */
const site: Site = {
  receivers: Object.assign({ default: hook, dead_man: hook }, ...teams.map((team) => ({ [team]: hook }))),
  mute: [],
};

/** Where each alert goes: a page of the reference. */
export function generatedRouting(): readonly (readonly [path: string, text: string])[] {
  const { route } = renderAlertmanager(site, { templatesDir: '/' });
  const rows = alertThemes.flatMap(({ alerts }) =>
    alerts.map((alert) => {
      const labels = { ...alert.fires.alerts[0], ...ruleLabels(alert), alertname: alert.name };
      return [`\`${alert.name}\``, alert.severity, alert.domain, ...wayOf(takenRoutes(route, labels), alert)];
    }),
  );
  const text = `${generatedFrom('scripts/gen/routing.ts')}

# Where each alert goes

For a site in which every team has channels of its own; where a team has none, \`default\` is told in the same way. Severity \`info\` is told
nobody unless the site says \`mute: []\`. [The guide](../guides/alertmanager.md) has tenants, domains and quiet hours, and \`fleetlens alerts route\`
tells it for your own site.

${table(['Alert', 'Severity', 'Domain', 'Receiver', 'One message per', 'Again after'], rows)}
`;
  return [['docs/reference/routing.md', text]];
}

function wayOf([way]: ReturnType<typeof takenRoutes>, { severity }: Alert): readonly string[] {
  if (way === undefined || way.receiver === nobody) return ['nobody', '', ''];
  const isDigest = way.repeat === '1m';
  const again = isDigest ? `${way.every}, with all that fires` : (way.repeat ?? '');
  return [way.receiver, way.groupBy.join(', '), severity === 'none' ? '5m at most' : again];
}
