import { t } from '@grafana/i18n';
import type { AppSettings, Connections, Secret } from './connections';
import { SECRETS } from './connections';
import { type ServiceFields, serviceFields } from './services';
import { storedUrl, urlProblem } from './url-problem';

/** What stands in the fields. A secret is undefined while nobody has touched it, and empty if it is to be removed. */
export interface Form {
  readonly urls: Readonly<Record<keyof Connections, string>>;
  readonly secrets: Readonly<Partial<Record<Secret, string>>>;
}

export function formOf({ jsonData }: AppSettings): Form {
  const text = (key: keyof Connections) => {
    const value = jsonData[key];
    return typeof value === 'string' ? value : '';
  };
  return {
    urls: {
      cmdbUrl: text('cmdbUrl'),
      billingUrl: text('billingUrl'),
      predictionUrl: text('predictionUrl'),
      alertmanagerUrl: text('alertmanagerUrl'),
    },
    secrets: {},
  };
}

/** What Grafana is told: other settings stay as they are, and so do secrets that nobody has touched. */
export function changeOf({ urls, secrets }: Form, { enabled, pinned, jsonData }: AppSettings) {
  const stored = Object.fromEntries(serviceFields.map(({ url }) => [url, storedUrl(urls[url])]));
  const changed = Object.entries(secrets).map(([name, secret]) => [name, secret.trim()]);
  return {
    enabled,
    pinned,
    jsonData: { ...jsonData, ...stored },
    ...(changed.length === 0 ? {} : { secureJsonData: Object.fromEntries(changed) }),
  };
}

/** Whether what is stored differs from what stands in the fields of the service. */
export function isChanged({ url, secrets }: ServiceFields, form: Form, { jsonData }: AppSettings): boolean {
  const stored = jsonData[url];
  return (
    storedUrl(form.urls[url]) !== (typeof stored === 'string' ? stored : '') ||
    secrets.some((secret) => form.secrets[secret] !== undefined)
  );
}

/** What is half filled, or wrong, at a service. */
export function fieldProblem({ url, secrets }: ServiceFields, form: Form, settings: AppSettings): string | undefined {
  const wrong = urlProblem(form.urls[url]);
  if (wrong !== undefined) return wrong;
  const hasSecret = secrets.some((secret) => hasNow(secret, form, settings));
  if (form.urls[url].trim() === '' && hasSecret)
    return t('connections.url.missing', 'There is a token, and no address that it is for.');
  return undefined;
}

/** A header is a scheme and credentials; a token alone would be sent as it is, and refused. */
export function secretProblem(secret: Secret, { secrets }: Form): string | undefined {
  const value = secrets[secret]?.trim() ?? '';
  if (value === '') return undefined;
  if (/[\r\n]/.test(value)) return t('connections.secret.lines', 'It has more than one line.');
  if (secret === 'alertmanagerAuthorization')
    return /^\S+ \S/.test(value)
      ? undefined
      : t('connections.secret.header', 'Write the whole header: Basic or Bearer, a space, and the credentials.');
  return /\s/.test(value)
    ? t('connections.secret.bearer', 'Write the token alone, without Bearer: the app adds it.')
    : undefined;
}

export function hasProblems(form: Form, settings: AppSettings): boolean {
  return (
    serviceFields.some((fields) => fieldProblem(fields, form, settings) !== undefined) ||
    SECRETS.some((secret) => secretProblem(secret, form) !== undefined)
  );
}

/** Whether the secret will be there once the form is saved. */
function hasNow(secret: Secret, { secrets }: Form, { secureJsonFields }: AppSettings): boolean {
  const touched = secrets[secret];
  return touched === undefined ? secureJsonFields[secret] === true : touched.trim() !== '';
}
