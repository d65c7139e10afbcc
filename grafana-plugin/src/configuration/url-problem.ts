import { t } from '@grafana/i18n';

/** What is wrong with an address, or undefined. An empty one is right: the service is then not connected. */
export function urlProblem(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const url = parsed(trimmed);
  if (url === undefined || /\s/.test(trimmed))
    return t('connections.url.none', 'This is no address. Write it as http://host:port.');
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return t('connections.url.protocol', 'An address begins with http:// or https://.');
  if (url.username !== '' || url.password !== '')
    return t('connections.url.credentials', 'All viewers can read addresses: put no user and no password into it.');
  if (url.search !== '' || url.hash !== '')
    return t('connections.url.query', 'An address ends before ? and #: the app adds what it asks for.');
  if (/\/api(\/v\d)?\/?$/.test(url.pathname))
    return t('connections.url.api', 'Leave out {{path}}: the app adds it.', {
      path: url.pathname,
      interpolation: { escapeValue: false },
    });
  return undefined;
}

/** As it is stored: what the proxy appends begins with a slash. */
export function storedUrl(text: string): string {
  return text.trim().replace(/\/+$/, '');
}

function parsed(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
