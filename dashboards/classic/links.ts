import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { appPages } from '../app-pages.ts';
import type { Board, NextBoard, NextPage } from '../board.ts';
import type { BoardLink } from '../panel.ts';

/** The tag of every board: the list at the top offers all that have it. */
export const familyTag = 'fleetlens';

/** At the top of a board: all boards as a list, and those that answer the next question by name. */
export function boardLinks({ next }: Board): dashboard.DashboardLinkBuilder[] {
  const all = new dashboard.DashboardLinkBuilder('FleetLens boards')
    .type(dashboard.DashboardLinkType.Dashboards)
    .tags([familyTag])
    .asDropdown(true)
    .includeVars(true)
    .keepTime(true)
    .icon('external link')
    .tooltip('All boards of FleetLens, with the same time range and choices.');
  return [all, ...next.map((place) => ('uid' in place ? linkToBoard(place) : linkToPage(place)))];
}

function linkToBoard({ uid, title, asks }: NextBoard): dashboard.DashboardLinkBuilder {
  return namedLink(title, asks).icon('dashboard').url(`/d/${uid}`).includeVars(true);
}

function linkToPage({ page, about, title, asks }: NextPage): dashboard.DashboardLinkBuilder {
  const url = `${appPages[page]}\${${about}:percentencode}`;
  return namedLink(title, asks).icon('external link').url(url).includeVars(false);
}

function namedLink(title: string, asks: string): dashboard.DashboardLinkBuilder {
  return new dashboard.DashboardLinkBuilder(title)
    .type(dashboard.DashboardLinkType.Link)
    .tags([])
    .asDropdown(false)
    .keepTime(true)
    .tooltip(asks);
}

/** The address of a board, with each of the variables set to a text that Grafana fills in. */
export function boardUrl(uid: string, choices: readonly (readonly [variable: string, value: string])[]): string {
  const set = choices.map(([name, value]) => `var-${name}=${value}`);
  return `/d/${uid}?${[`\${datasource:queryparam}`, ...set, `\${__url_time_range}`].join('&')}`;
}

/** What a click on a bar or a curve offers: the board, set to the labels of the series. */
export function seriesLink({ uid, title, variables }: BoardLink): dashboard.DashboardLinkBuilder {
  const choices = variables.map(({ name, label }) => [name, `\${__field.labels.${label}:percentencode}`] as const);
  return new dashboard.DashboardLinkBuilder(`Open the board ${title} for this`).url(boardUrl(uid, choices));
}
