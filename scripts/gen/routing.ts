import { type Inhibition, inhibitions } from '../../alertmanager/inhibitions.ts';
import { takenRoutes } from '../../alertmanager/match-routes.ts';
import type { Selector } from '../../alertmanager/matchers.ts';
import { nobody } from '../../alertmanager/receiver-sets.ts';
import { renderAlertmanager } from '../../alertmanager/render.ts';
import { teamSite } from '../../alertmanager/team-site.ts';
import type { Alert } from '../../rules/alert.ts';
import { alertThemes } from '../../rules/alerts/index.ts';
import { generatedFrom, table } from '../../rules/render/markdown.ts';
import { ruleLabels } from '../../rules/render/prometheus.ts';

/** Where each alert goes: a page of the reference. */
export function generatedRouting(): readonly (readonly [path: string, text: string])[] {
  const { route } = renderAlertmanager(teamSite, { templatesDir: '/' });
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

## What is kept back

While an alert of the first column fires, those of the second are kept back at the same place. They are still listed in Alertmanager, as inhibited.

${table(['While this fires', 'this is kept back', 'at the same', 'because'], unfolded.map(inhibitionRow))}

\`GpuFleetEvent\` keeps back the alert that it names in \`folded\`, in the same cluster: ${folded.join(', ')}.
`;
  return [['docs/reference/routing.md', text]];
}

const isFold = ({ source }: Inhibition): boolean => 'folded' in source;
const unfolded = inhibitions.filter((each) => !isFold(each));
const folded = inhibitions.filter(isFold).map(({ source }) => `\`${[source['folded']].flat().join(', ')}\``);

function inhibitionRow({ source, target, equal, without = [], why }: Inhibition): readonly string[] {
  const place = [...equal, ...without.map((label) => `no ${label}`)].filter((label) => label !== 'alertname');
  const sameName = equal.includes('alertname') ? ', of the same name' : '';
  return [inWords(source), `${inWords(target)}${sameName}`, place.join(', '), why];
}

function inWords({ alertname, ...more }: Selector): string {
  const names = [alertname ?? []].flat().map((name) => `\`${name}\``);
  const others = Object.entries(more).map(([label, values]) => `${label} ${[values].flat().join(' or ')}`);
  const told = [...(names.length === 0 ? [] : [names.join(', ')]), ...others];
  return told.length === 0 ? 'every alert' : told.join(' with ');
}

function wayOf([way]: ReturnType<typeof takenRoutes>, { severity }: Alert): readonly string[] {
  if (way === undefined || way.receiver === nobody) return ['nobody', '', ''];
  const isDigest = way.repeat === '1m';
  const again = isDigest ? `${way.every}, with all that fires` : (way.repeat ?? '');
  return [way.receiver, way.groupBy.join(', '), severity === 'none' ? '5m at most' : again];
}
