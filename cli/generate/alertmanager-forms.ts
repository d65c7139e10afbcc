import { parseVersion, type TargetVersion } from '../../alertmanager/features.ts';
import { objectForm, secretForm } from '../../alertmanager/kubernetes/forms.ts';
import type { ObjectOptions } from '../../alertmanager/kubernetes/objects.ts';
import { templateFile } from '../../alertmanager/render.ts';
import type { Site } from '../../alertmanager/site.ts';
import { ConfigError, reasonOf } from '../../kit/errors.ts';
import type { OptionValues } from '../../kit/options/define.ts';
import { committed } from './committed.ts';
import { alertmanagerFile, type Files } from './files.ts';
import type { generateOptions } from './options.ts';
import { inSite, readSite } from './read-site.ts';
import { toYaml } from './yaml.ts';

type Options = OptionValues<typeof generateOptions.options>;
type FormName = Options['alertmanager.form'];

/** What is made of a site, relative to its folder. */
export function alertmanagerFiles(options: Options & { readonly site: string }, objects: ObjectOptions): Files {
  const { site: path, 'alertmanager.form': form } = options;
  const version = targetVersion(options['alertmanager.target-version']);
  const site = readSite(path);
  return inSite(path, () => filesOf(form, site, { path, version, objects }));
}

interface Made {
  readonly path: string;
  readonly version: TargetVersion;
  readonly objects: ObjectOptions;
}

function filesOf(form: FormName, site: Site, { path, version, objects }: Made): Files {
  const templates = committed('alertmanager/templates', '.tmpl');
  if (form === 'file') {
    const copies = [...templates].map(([name, text]) => [`templates/${name}`, text] as const);
    return new Map([['alertmanager.yml', alertmanagerFile(site, path, 'templates', version)], ...copies]);
  }
  const options = {
    ...objects,
    version,
    templates: templates.get(templateFile) ?? '',
    toYaml: (config: object) => toYaml(config, path),
  };
  if (form === 'secret') {
    const { secret, patch } = secretForm(site, options);
    return new Map([
      ['secret.yaml', toYaml(secret, path)],
      ['alertmanager-patch.yaml', toYaml(patch, path)],
    ]);
  }
  const { config, secret, patch } = objectForm(site, options);
  return new Map([
    ['alertmanagerconfig.yaml', toYaml(config, path)],
    ['secret.yaml', toYaml(secret, path)],
    ['alertmanager-patch.yaml', toYaml(patch, path)],
  ]);
}

function targetVersion(text: string): TargetVersion {
  try {
    return parseVersion(text, '--alertmanager.target-version');
  } catch (error) {
    throw new ConfigError(reasonOf(error));
  }
}

const patchWith = 'kubectl patch alertmanager <name> --type=merge --patch-file=alertmanager/alertmanager-patch.yaml';

/** What to do with it, as lines of the report. */
export function alertmanagerReport({ site, 'alertmanager.form': form }: Options): string {
  if (site === undefined)
    return '  alertmanager/  not written: describe your receivers in a file and name it with --site\n';
  if (form === 'file') return '  alertmanager/  check with: amtool check-config alertmanager/alertmanager.yml\n';
  if (form === 'secret')
    return `  alertmanager/  kubectl apply -f alertmanager/secret.yaml, then
                 ${patchWith}
                 The list of secrets in the patch replaces the one that stands there: join them if there is one.
`;
  return `  alertmanager/  kubectl apply -f alertmanager/secret.yaml -f alertmanager/alertmanagerconfig.yaml, then
                 ${patchWith}
                 Without that patch no alert about a GPU arrives: by default the operator lets an AlertmanagerConfig
                 see only alerts whose label namespace is its own, and alerts about GPUs have no such label. The patch
                 sets alertmanagerConfigMatcherStrategy to None, for every AlertmanagerConfig. With an operator that
                 knows OnNamespaceExceptForAlertmanagerNamespace you may set that instead, and keep ours in the
                 namespace of Alertmanager.
`;
}
