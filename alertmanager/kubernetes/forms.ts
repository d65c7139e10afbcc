import type { AlertmanagerConfig } from '../config.ts';
import type { TargetVersion } from '../features.ts';
import { nobody } from '../receiver-sets.ts';
import { renderAlertmanager, templateFile } from '../render.ts';
import type { Site } from '../site.ts';
import { type AlertmanagerConfigObject, alertmanagerConfigObject } from './alertmanager-config.ts';
import {
  type AlertmanagerPatch,
  alertmanagerPatch,
  configFolder,
  type ObjectOptions,
  type Secret,
  secret,
} from './objects.ts';
import { withMountedSecrets } from './secret-paths.ts';

export interface FormOptions extends ObjectOptions {
  readonly version: TargetVersion;
  /** The text of the template file. */
  readonly templates: string;
  /** Makes the text of a configuration. */
  readonly toYaml: (config: object) => string;
}

/** The whole configuration in one Secret, which the Alertmanager object names. */
export interface SecretForm {
  readonly secret: Secret;
  readonly patch: AlertmanagerPatch;
  /** Names of the Secrets that Alertmanager reads files of. */
  readonly mounted: readonly string[];
}

export function secretForm(site: Site, { version, templates, toYaml, ...options }: FormOptions): SecretForm {
  const rendered = renderAlertmanager(site, { templatesDir: configFolder, target: { version, secrets: 'files' } });
  const { config, secrets } = withMountedSecrets(rendered, site.kubernetes_secrets ?? {});
  return {
    secret: secret({ 'alertmanager.yaml': toYaml(config), [templateFile]: templates }, options),
    patch: alertmanagerPatch(secrets.length === 0 ? {} : { secrets }),
    mounted: secrets,
  };
}

/** The routes as an AlertmanagerConfig, and a Secret with what it cannot hold: the templates. */
export interface ObjectForm {
  readonly config: AlertmanagerConfigObject;
  readonly secret: Secret;
  readonly patch: AlertmanagerPatch;
}

export function objectForm(site: Site, { version, templates, toYaml, ...options }: FormOptions): ObjectForm {
  const base: AlertmanagerConfig = {
    templates: [`${configFolder}/${templateFile}`],
    route: { receiver: nobody },
    inhibit_rules: [],
    receivers: [{ name: nobody }],
  };
  const { labels = {} } = options;
  return {
    config: alertmanagerConfigObject(site, { version, ...options }),
    secret: secret({ 'alertmanager.yaml': toYaml(base), [templateFile]: templates }, options),
    // The default adds a matcher on the namespace of the object to every route, and alerts about GPUs have none.
    patch: alertmanagerPatch({
      alertmanagerConfigSelector: { matchLabels: labels },
      alertmanagerConfigMatcherStrategy: { type: 'None' },
    }),
  };
}
