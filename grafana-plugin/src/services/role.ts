import type { CurrentUserDTO } from '@grafana/data';
import { config } from '@grafana/runtime';

/** Roles of Grafana, from the least to the most. The proxy routes and the services enforce them; pages only do not offer what would be refused. */
const roles: readonly string[] = ['None', 'Viewer', 'Editor', 'Admin'];

function has(role: 'Editor' | 'Admin'): boolean {
  const user: CurrentUserDTO = config.bootData.user;
  return user.isGrafanaAdmin || roles.indexOf(user.orgRole) >= roles.indexOf(role);
}

export function isAdmin(): boolean {
  return has('Admin');
}

export function isEditor(): boolean {
  return has('Editor');
}
