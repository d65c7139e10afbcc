import type { Page, Route } from '@playwright/test';
import { expect, expectFits, settled, shot, test } from './host.ts';

/** Pages that ask a service beside Prometheus, and which. */
const askers = [
  { path: 'inventory', service: 'cmdb' },
  { path: 'cost?var-tenant=team-a', service: 'billing' },
  { path: 'risk', service: 'prediction' },
  { path: 'alerts', service: 'alertmanager' },
];

/** What scenes writes to the console when a variable or a panel cannot have its values. */
const askedForValues = /SceneVariableSet updateAndValidate error|PanelQueryRunner Error/;

const html = '<!doctype html><html><body><h1>Sign in</h1></body></html>';
const failures: readonly {
  readonly name: string;
  readonly says: RegExp;
  readonly answer: (route: Route) => Promise<void>;
  /** All pages, instead of one: they take the words of a failure from the same place. */
  readonly everywhere?: boolean;
}[] = [
  {
    name: 'nobody is signed in',
    says: /You are not signed in/,
    answer: (route) => route.fulfill({ status: 401, json: { message: 'Unauthorized' } }),
  },
  {
    name: 'the role may not',
    says: /is not open to your role/,
    answer: (route) => route.fulfill({ status: 403, json: { message: 'plugin proxy route access denied' } }),
    everywhere: true,
  },
  {
    name: 'the token is refused',
    says: /refuses the token of the app/,
    answer: (route) =>
      route.fulfill({ status: 401, json: { error: { code: 'unauthorized', message: 'the token is not known' } } }),
  },
  {
    name: 'the service fails',
    says: /failed/,
    answer: (route) => route.fulfill({ status: 500, json: { error: { code: 'internal', message: 'it failed' } } }),
  },
  {
    name: 'a login page answers',
    says: /Something else than/,
    answer: (route) => route.fulfill({ status: 200, contentType: 'text/html', body: html }),
  },
  {
    name: 'nobody listens',
    says: /does not answer/,
    answer: (route) => route.fulfill({ status: 502, json: { message: 'connection refused' } }),
  },
  {
    name: 'the app has no settings yet',
    says: /is not connected yet/,
    answer: (route) => route.fulfill({ status: 500, json: { message: 'Failed to fetch plugin settings' } }),
  },
];

for (const [index, { name, says, answer, everywhere }] of failures.entries()) {
  test(
    `${name}: each page says so, and goes on with what Prometheus knows`,
    { tag: '@full' },
    async ({ page, host }, info) => {
      host.allow(/plugin-proxy/);
      await page.route(/\/api\/plugin-proxy\//, answer);
      const asked = everywhere === true ? askers : askers.slice(index % askers.length, (index % askers.length) + 1);
      for (const { path, service } of asked) {
        await host.open(path);
        await expect(page.getByText(says).first()).toBeVisible();
        await shot(page, info, `${service} ${name}`);
        await expectFits(page);
      }
    },
  );
}

test.describe('Prometheus', { tag: '@full' }, () => {
  const prometheusFailures: readonly { readonly name: string; readonly answer: (route: Route) => Promise<void> }[] = [
    {
      name: 'fails',
      answer: (route) =>
        route.fulfill({ status: 500, json: { status: 'error', errorType: 'internal', error: 'out of memory' } }),
    },
    {
      name: 'is a login page',
      answer: (route) => route.fulfill({ status: 200, contentType: 'text/html', body: html }),
    },
    { name: 'has no series at all', answer: empty },
    {
      name: 'refuses the query',
      answer: (route) =>
        route.fulfill({ status: 422, json: { status: 'error', errorType: 'execution', error: 'query timed out' } }),
    },
  ];

  for (const { name, answer } of prometheusFailures) {
    test(`${name}: every page stands`, async ({ page, host }, info) => {
      host.allow(/\/api\/prom\//);
      host.allow(askedForValues);
      await page.route(/\/api\/prom\//, answer);
      for (const path of ['fleet', 'cost', 'risk']) {
        await host.open(path);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await expectNoCrash(page);
        await shot(page, info, `prometheus ${name} ${path}`);
      }
    });
  }

  test('is not there as a data source: every page says what to do', async ({ page, host }, info) => {
    host.allow(askedForValues);
    for (const path of ['fleet', 'training', 'risk']) {
      await host.open(`${path}?no-data-source`);
      await expectNoCrash(page);
      await shot(page, info, `no data source ${path}`);
    }
  });
});

test('a slow service does not keep what Prometheus knows from being shown', async ({ page, host }) => {
  await page.route(/\/api\/plugin-proxy\//, () => {});
  await host.open('risk');
  await expect(page.getByText(/GPU-/).first()).toBeVisible();
});

test('a time range without data leaves every panel with a word instead of a hole', async ({ page, host }) => {
  await host.open('fleet?from=2020-01-01T00:00:00.000Z&to=2020-01-01T01:00:00.000Z');
  await settled(page);
  await expectNoCrash(page);
});

function empty(route: Route): Promise<void> {
  const data = route.request().url().includes('/label/') ? [] : { resultType: 'vector', result: [] };
  return route.fulfill({ status: 200, json: { status: 'success', data } });
}

/** Grafana's word where a component has thrown. */
async function expectNoCrash(page: Page): Promise<void> {
  await settled(page);
  await expect(page.getByText(/An unexpected error happened|could not start/)).toHaveCount(0);
}
