import { takenRoutes } from '../../../alertmanager/match-routes.ts';
import { nobody } from '../../../alertmanager/receiver-sets.ts';
import { renderAlertmanager } from '../../../alertmanager/render.ts';
import { teamSite } from '../../../alertmanager/team-site.ts';
import type { Alert } from '../../../rules/alert.ts';
import { ruleLabels } from '../../../rules/render/prometheus.ts';

/** A way to people, in a site where every team has channels of its own. */
export interface Told {
  readonly receiver: string;
  /** Labels of which each set of values makes one message. */
  readonly groupBy: readonly string[];
  /** How often it is told again while it fires, such as `4h`. */
  readonly again: string;
}

/** Who is told, empty for nobody. */
export function toldOf(alert: Alert): readonly Told[] {
  const { route } = renderAlertmanager(teamSite, { templatesDir: '/' });
  const labels = { ...alert.fires.alerts[0], ...ruleLabels(alert), alertname: alert.name };
  return takenRoutes(route, labels)
    .filter(({ receiver }) => receiver !== nobody)
    .map(({ receiver, groupBy, every, repeat }) => ({
      receiver,
      groupBy,
      // A digest repeats with each message, of which there is one in a group interval.
      again: (repeat === '1m' ? every : repeat) ?? '',
    }));
}
