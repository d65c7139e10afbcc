/**
 * What Grafana's schema of plugin.json and the validator of its catalogue ask of an app and its panels, as far as ours has it. Keys that are not here
 * are mistakes until somebody has looked them up.
 */
const text = { type: 'string', minLength: 1 } as const;
const path = { type: 'string', pattern: '^[^./][^:?#]*$' } as const;
const role = { enum: ['Viewer', 'Editor', 'Admin'] } as const;

function closed(properties: Readonly<Record<string, object>>, optional: readonly string[] = []): object {
  const required = Object.keys(properties).filter((key) => !optional.includes(key));
  return { type: 'object', properties, required, additionalProperties: false };
}

const info = closed({
  description: { type: 'string', minLength: 20 },
  keywords: { type: 'array', items: text, minItems: 1, uniqueItems: true },
  author: closed({ name: text }),
  logos: closed({ small: { ...path, pattern: '\\.svg$' }, large: { ...path, pattern: '\\.svg$' } }),
  screenshots: { type: 'array', items: closed({ name: text, path }) },
  links: { type: 'array', items: closed({ name: text, url: { type: 'string', pattern: '^https://' } }) },
  version: { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+(-[0-9A-Za-z.-]+)?$' },
  updated: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' },
});

const include = {
  oneOf: [
    closed(
      {
        type: { const: 'page' },
        name: text,
        path: { type: 'string', pattern: '^/(a|plugins|d)/' },
        role,
        addToNav: { type: 'boolean' },
        defaultNav: { type: 'boolean' },
        icon: text,
      },
      ['addToNav', 'defaultNav', 'icon'],
    ),
    closed({ type: { const: 'dashboard' }, name: text, path: { ...path, pattern: '^dashboards/[a-z0-9-]+\\.json$' } }),
    closed({ type: { const: 'panel' }, name: text, path: { ...path, pattern: '^panels/[a-z0-9]+/plugin\\.json$' } }),
  ],
};

const route = closed(
  {
    path: text,
    method: { enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] },
    reqRole: role,
    url: text,
    headers: { type: 'array', items: closed({ name: text, content: text }) },
  },
  ['headers'],
);

const common = {
  $schema: { type: 'string', pattern: '^https://' },
  name: text,
  languages: {
    type: 'array',
    items: { type: 'string', pattern: '^[a-z]{2}(-[A-Za-z]+)+$' },
    contains: { const: 'en-US' },
  },
  info,
  dependencies: closed({
    grafanaDependency: { type: 'string', pattern: '^>=\\d+\\.\\d+\\.\\d+$' },
    plugins: { type: 'array' },
  }),
  buildMode: { const: 'production' },
};

/** By the type of the plugin. */
export const pluginSchemas: Readonly<Record<'app' | 'panel', object>> = {
  app: closed(
    {
      ...common,
      type: { const: 'app' },
      id: { type: 'string', pattern: '^[0-9a-z]+-([0-9a-z]+-)?app$' },
      includes: { type: 'array', items: include, minItems: 1 },
      routes: { type: 'array', items: route },
    },
    ['$schema'],
  ),
  panel: closed(
    { ...common, type: { const: 'panel' }, id: { type: 'string', pattern: '^[0-9a-z]+-([0-9a-z]+-)?panel$' } },
    ['$schema'],
  ),
};
