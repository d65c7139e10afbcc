import type { ProxyRoute } from './app-files.ts';

/** What the app is configured with: addresses that all may read, and secrets. */
export interface AppSettings {
  readonly jsonData: Readonly<Record<string, string>>;
  readonly secureJsonData: Readonly<Record<string, string>>;
}

export type Match =
  | { readonly kind: 'forward'; readonly url: string; readonly headers: Readonly<Record<string, string>> }
  | { readonly kind: 'refused'; readonly status: number; readonly message: string };

const roles = ['Viewer', 'Editor', 'Admin'];

/** Where a request below the plugin's proxy goes, by the rules of Grafana: the first route that fits path, method and role. */
export function matchRoute(
  routes: readonly ProxyRoute[],
  { method, path, role }: { readonly method: string; readonly path: string; readonly role: string },
  settings: AppSettings,
): Match {
  for (const route of routes) {
    const rest = restOf(route.path, path);
    if (rest === undefined || !takesMethod(route, method)) continue;
    if (roles.indexOf(role) < roles.indexOf(route.reqRole ?? 'Viewer'))
      return { kind: 'refused', status: 403, message: 'plugin proxy route access denied' };
    return forwarded(route, rest, settings);
  }
  return { kind: 'refused', status: 404, message: 'plugin route match not found' };
}

function takesMethod({ method = '*' }: ProxyRoute, given: string): boolean {
  return method === '*' || method === '' || method === given;
}

/** What the star caught, the empty text for a path without one, undefined if the path is another. */
function restOf(pattern: string, path: string): string | undefined {
  if (!pattern.endsWith('/*')) return path === pattern ? '' : undefined;
  const start = pattern.slice(0, -1);
  return path.startsWith(start) ? path.slice(start.length) : undefined;
}

function forwarded(route: ProxyRoute, rest: string, settings: AppSettings): Match {
  const base = fill(route.url, settings).replace(/\/$/, '');
  if (!/^https?:\/\//.test(base))
    return { kind: 'refused', status: 502, message: `unsupported protocol scheme "" in the address of ${route.path}` };
  const headers = (route.headers ?? []).map(({ name, content }) => [name, fill(content, settings)] as const);
  return {
    kind: 'forward',
    url: rest === '' ? base : `${base}/${rest}`,
    headers: Object.fromEntries(headers.filter(([, content]) => content !== '')),
  };
}

/** The part of Go's templates that routes use: a setting, and text that is there if a setting is. */
function fill(template: string, { jsonData, secureJsonData }: AppSettings): string {
  return template
    .replace(/\{\{ if \.SecureJsonData\.(\w+) \}\}(.*?)\{\{ end \}\}/gs, (_all, name: string, text: string) =>
      (secureJsonData[name] ?? '') === '' ? '' : text,
    )
    .replace(/\{\{ \.SecureJsonData\.(\w+) \}\}/g, (_all, name: string) => secureJsonData[name] ?? '')
    .replace(/\{\{ \.JsonData\.(\w+) \}\}/g, (_all, name: string) => jsonData[name] ?? '');
}
