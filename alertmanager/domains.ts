import { type Domain, domains, type Team, teams } from '../rules/alert.ts';
import type { Channel } from './channels/index.ts';
import { fieldsOf, optional } from './checks.ts';
import { channelsForPeople } from './receivers.ts';

/** Channels for the alerts of one domain of a team, instead of those of the team. */
export type DomainChannels = { readonly [T in Team]?: { readonly [D in Domain]?: readonly Channel[] } };

export function parseDomains(value: unknown, path: string): DomainChannels {
  const fields = fieldsOf(value, path, teams);
  return Object.assign({}, ...teams.map((team) => optional(fields, team, ofTeam)));
}

function ofTeam(value: unknown, path: string): { readonly [D in Domain]?: readonly Channel[] } {
  const fields = fieldsOf(value, path, domains);
  return Object.assign({}, ...domains.map((domain) => optional(fields, domain, channelsForPeople)));
}
