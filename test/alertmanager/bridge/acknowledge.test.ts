import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openClaim, sealClaim } from '../../../alertmanager/bridge/acknowledge/link.ts';
import { askPage } from '../../../alertmanager/bridge/acknowledge/page.ts';
import { type RunningAlertmanager, startAlertmanager } from '../../support/alertmanager.ts';
import { notify, type RunningBridge, startBridgeDaemon, webhookMessage } from '../../support/bridge-daemon.ts';
import { type FakeRobot, startFakeRobot } from '../../support/fake-robot.ts';
import { freePort } from '../../support/free-port.ts';

const key = 'k'.repeat(32);
const claim = { groups: [{ alertname: 'GpuLost' }], language: 'zh', expires: 1_000 } as const;
const longest = 1_000;

test('a link opens with its key until it expires', () => {
  const token = sealClaim(claim, key, longest) ?? '';
  expect(openClaim(token, key, 999)).toEqual({ claim: { ...claim, more: 0 } });
  expect(openClaim(token, key, 1_000)).toEqual({ fault: 'expired', language: 'zh' });
  expect(openClaim(token, 'x'.repeat(32), 999)).toEqual({ fault: 'wrong' });
  const [content = '', signature = ''] = token.split('.');
  const other = (sealClaim({ ...claim, groups: [{ severity: 'critical' }] }, key, longest) ?? '').split('.')[0];
  expect(openClaim(`${other}.${signature}`, key, 999)).toEqual({ fault: 'wrong' });
  expect(openClaim(content, key, 999)).toEqual({ fault: 'wrong' });
});

test('a link of a digest has the first groups that have room, each once, and counts the others', () => {
  const groups = Array.from({ length: 1_250 }, (_, index) => ({ alertname: 'GpuLost', node: `gpu-node-${index * 7}` }));
  const token = sealClaim({ ...claim, groups: [...groups, ...groups, {}] }, key, longest) ?? '';
  expect(token.length).toBeLessThanOrEqual(longest);
  const opened = openClaim(token, key, 0);
  const { groups: listed, more } = 'claim' in opened ? opened.claim : { groups: [], more: 0 };
  expect(listed).toEqual(groups.slice(0, listed.length));
  expect(listed.length).toBeGreaterThan(30);
  expect(listed.length + more).toBe(groups.length);
});

test('there is no link where a silence would silence everything, or where no group has room', () => {
  expect(sealClaim({ ...claim, groups: [{}] }, key, longest)).toBeUndefined();
  expect(sealClaim(claim, key, 60)).toBeUndefined();
  expect(sealClaim(claim, key, -1)).toBeUndefined();
});

test('labels and names cannot write into the page, nor turn its words around', () => {
  const hostile = '"><img src=x onerror=alert(1)>\u202Eevil\u2066';
  const page = askPage({
    claim: { groups: [{ [hostile]: hostile }, { alertname: hostile }], more: 1, language: 'en', expires: 0 },
    token: hostile,
    durations: [3600],
    existing: [{ until: 'now', by: hostile }, undefined],
    incomplete: { groups: [1], seconds: 3600, who: hostile, comment: hostile },
  });
  expect(page).not.toContain('<img');
  expect([...page.matchAll(/<b><bdi>(.*?)<\/bdi>/g)].map(([, label]) => label)).toEqual(
    Array.from({ length: 2 }, () => expect.not.stringMatching(/[\u202E\u2066]/)),
  );
  expect(page).toContain('One more group of the message has no room');
  expect([...page.matchAll(/value="(\d)" checked/g)].map(([, place]) => place)).toEqual(['1']);
});

describe('with a real Alertmanager', () => {
  let alertmanager: RunningAlertmanager;
  let robot: FakeRobot;
  let bridge: RunningBridge;
  let config: object;
  const folder = mkdtempSync(join(tmpdir(), 'fleetlens-key-'));

  beforeAll(async () => {
    writeFileSync(join(folder, 'key'), key);
    robot = await startFakeRobot();
    alertmanager = await startAlertmanager({ config: { route: { receiver: 'a' }, receivers: [{ name: 'a' }] } });
    config = {
      robots: { sre: { fake: { url: robot.url } } },
      alertmanager: { url: alertmanager.url },
      acknowledge: { external_url: 'http://bridge.example.com', key_file: join(folder, 'key') },
    };
    bridge = await startBridgeDaemon(config);
  });

  afterAll(async () => {
    await bridge.stop();
    await alertmanager.stop();
    await robot.stop();
    rmSync(folder, { recursive: true });
  });

  const silences = async (): Promise<readonly { readonly createdBy: string; readonly matchers: unknown }[]> =>
    (await (await fetch(`${alertmanager.url}/api/v2/silences`)).json()) as never;

  test('opening the link silences nothing, and its button does', async () => {
    await notify(bridge.url, 'sre', webhookMessage('g1', [{}]));
    const link = new URL(robot.messages[0]?.acknowledgeUrl ?? '');
    const opened = await fetch(`${bridge.url}/ack${link.search}`);
    expect([opened.status, opened.headers.get('content-security-policy')]).toEqual([
      200,
      expect.stringContaining("default-src 'none'"),
    ]);
    expect(await silences()).toEqual([]);
    const body = new URLSearchParams({
      token: link.searchParams.get('token') ?? '',
      seconds: '3600',
      who: 'Ada',
      all: '1',
    });
    expect((await fetch(`${bridge.url}/ack`, { method: 'POST', body })).status).toBe(200);
    expect(await silences()).toMatchObject([{ createdBy: 'Ada', matchers: [{ name: 'alertname', value: 'GpuLost' }] }]);
    expect(await (await fetch(`${bridge.url}/ack${link.search}`)).text()).toContain('by Ada');
  });

  test('the link of a digest lists its groups, and silences those that are chosen', async () => {
    const before = (await silences()).length;
    const names = ['One', 'Two', 'Three'];
    bridge.reload({ ...config, robots: { sre: { fake: { url: robot.url }, limit: { messages: 1, per: '1s' } } } });
    await notify(bridge.url, 'sre', webhookMessage('first', [{ name: 'First' }]));
    await Promise.all(names.map((name) => notify(bridge.url, 'sre', webhookMessage(name, [{ name }]))));
    const digest = robot.messages.at(-1);
    expect(digest).toMatchObject({ kind: 'digest', groups: 3 });
    const link = new URL(digest?.acknowledgeUrl ?? '');
    const page = await (await fetch(`${bridge.url}/ack${link.search}`)).text();
    expect(names.filter((name) => page.includes(`<bdi>${name}</bdi>`))).toEqual(names);
    const token = link.searchParams.get('token') ?? '';
    const placeOf = (name: string): string =>
      new RegExp(`name="group" value="(\\d)"[^\\n]*<bdi>${name}</bdi>`).exec(page)?.[1] ?? '';
    const send = (groups: readonly string[]): Promise<Response> => {
      const body = new URLSearchParams({ token, seconds: '3600', who: 'Ada' });
      for (const group of groups) body.append('group', group);
      return fetch(`${bridge.url}/ack`, { method: 'POST', body });
    };
    const nothing = await send(['99']);
    expect([nothing.status, await nothing.text()]).toEqual([400, expect.stringContaining('value="Ada"')]);
    expect(await silences()).toHaveLength(before);
    expect((await send([placeOf('One'), placeOf('Three')])).status).toBe(200);
    expect(await silences()).toHaveLength(before + 2);
    const later = (await (await fetch(`${bridge.url}/ack${link.search}`)).text()).split('\n');
    const silenced = names.filter((name) => later.some((line) => line.includes(`${name}<`) && line.includes('by Ada')));
    expect(silenced).toEqual(['One', 'Three']);
  });

  test('an Alertmanager that does not answer is told of, before and after the button', async () => {
    await notify(bridge.url, 'sre', webhookMessage('down', [{ name: 'Down' }]));
    const link = new URL(robot.messages.at(-1)?.acknowledgeUrl ?? '');
    bridge.reload({ ...config, alertmanager: { url: `http://127.0.0.1:${await freePort()}` } });
    const opened = await fetch(`${bridge.url}/ack${link.search}`);
    expect([opened.status, await opened.text()]).toEqual([200, expect.stringContaining('does not answer')]);
    const token = link.searchParams.get('token') ?? '';
    const body = new URLSearchParams({ token, seconds: '3600', who: 'Ada', all: '1' });
    const pressed = await fetch(`${bridge.url}/ack`, { method: 'POST', body });
    const page = await pressed.text();
    expect(pressed.status).toBe(502);
    expect(page).toContain('did not take the silence');
    expect(page).toContain(`href="?token=${token}"`);
    bridge.reload(config);
  });

  test('a link that was changed is refused', async () => {
    const answer = await fetch(`${bridge.url}/ack?token=abc.def`);
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('does not work')]);
  });
});
