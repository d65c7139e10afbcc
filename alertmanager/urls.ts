import { refused, SiteError, text } from './checks.ts';

const secretParameter = /token|secret|key|passw|sign|auth/i;

/** An http(s) URL of a page for people: no query, no fragment, no end slash in what comes back. */
export function pageUrl(value: unknown, path: string): string {
  const url = parsed(value, path);
  if (url.search !== '' || url.hash !== '') throw refused(path, value, 'a URL without ? and #');
  return url.href.replace(/\/+$/, '');
}

/** An http(s) URL to send to. The whole URL stands in alertmanager.yml and in logs, so nothing secret may be part of it. */
export function endpointUrl(value: unknown, path: string): string {
  const url = parsed(value, path);
  const named = [...url.searchParams.keys()].find((name) => secretParameter.test(name));
  if (named !== undefined) {
    throw new SiteError(
      `${path}: the parameter ${named} looks like a secret in the URL; put it in a file and its path in credentials_file`,
    );
  }
  if (url.hostname === 'hooks.slack.com') {
    throw new SiteError(`${path}: this URL of Slack is a secret; use the slack channel and its api_url_file`);
  }
  return text(value, path);
}

function parsed(value: unknown, path: string): URL {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw refused(path, value, 'a URL that begins with http:// or https://');
  }
  if (url.username !== '' || url.password !== '') {
    throw new SiteError(`${path}: user name and password in a URL are readable by everybody; take them out of it`);
  }
  return url;
}
