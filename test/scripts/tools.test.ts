import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inSetupScript } from '../support/setup-script.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetlens-setup-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function executable(...path: readonly string[]): string {
  const file = join(folder, ...path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '#!/bin/sh\necho here\n', { mode: 0o755 });
  return file;
}

describe('on PATH', () => {
  const find = (names: readonly string[], path: string) =>
    inSetupScript('find-tool', 'module.findOnPath(args.names, args.path)', { names, path });

  test('the first folder wins, and the first name', async () => {
    const debian = executable('a', 'prometheus-alertmanager');
    const upstream = executable('b', 'alertmanager');
    const path = `${join(folder, 'a')}:${join(folder, 'b')}`;
    expect(await find(['alertmanager', 'prometheus-alertmanager'], path)).toBe(upstream);
    expect(await find(['prometheus-alertmanager'], path)).toBe(debian);
    executable('a', 'alertmanager');
    expect(await find(['alertmanager'], path)).toBe(join(folder, 'a', 'alertmanager'));
  });

  test('folders, plain files and relative entries do not count', async () => {
    mkdirSync(join(folder, 'a', 'promtool'), { recursive: true });
    mkdirSync(join(folder, 'b'));
    writeFileSync(join(folder, 'b', 'promtool'), '', { mode: 0o644 });
    expect(await find(['promtool'], `${join(folder, 'a')}:${join(folder, 'b')}:.::${join(folder, 'none')}`)).toBeNull();
  });
});

describe('a package', () => {
  const find = (env: Readonly<Record<string, string>>) =>
    inSetupScript('find-tool', "module.findPackage('prometheus', args)", { env, folder: join(folder, '.tools') });

  test('comes from one place: half of it on PATH is not enough', async () => {
    executable('bin', 'prometheus');
    expect(await find({ PATH: join(folder, 'bin') })).toBeNull();
    const prometheus = executable('.tools', 'prometheus-2.42.0+ds-5', 'bin', 'prometheus');
    const promtool = executable('.tools', 'prometheus-2.42.0+ds-5', 'bin', 'promtool');
    expect(await find({ PATH: join(folder, 'bin') })).toEqual({ prometheus, promtool });
  });

  test('an unpack that was cut short is not used, nor another package with a longer name', async () => {
    for (const place of ['.unpacking-x7/content', 'prometheus-alertmanager-0.25.0', 'prometheus-node-exporter-1.5']) {
      executable('.tools', place, 'bin', 'prometheus');
      executable('.tools', place, 'bin', 'promtool');
    }
    executable('.tools', 'prometheus-2.42.0', 'bin', 'prometheus');
    expect(await find({ PATH: '' })).toBeNull();
  });

  test('the newest version wins', async () => {
    for (const version of ['2.9.2', '2.53.3', '2.42.0']) {
      executable('.tools', `prometheus-${version}`, 'bin', 'prometheus');
      executable('.tools', `prometheus-${version}`, 'bin', 'promtool');
    }
    expect(await find({ PATH: '' })).toMatchObject({
      promtool: join(folder, '.tools', 'prometheus-2.53.3', 'bin', 'promtool'),
    });
  });

  test('is found in a folder that its distribution has for it, behind PATH', async () => {
    const find = (env: Readonly<Record<string, string>>) =>
      inSetupScript(
        'find-tool',
        "(module.packages.postgresql.folders = [args.special], module.findPackage('postgresql', args))",
        { env, folder: join(folder, '.tools'), special: join(folder, 'special') },
      );
    const [postgres, initdb] = [executable('special', 'postgres'), executable('special', 'initdb')];
    expect(await find({ PATH: join(folder, 'bin') })).toEqual({ postgres, initdb });
    const onPath = { postgres: executable('bin', 'postgres'), initdb: executable('bin', 'initdb') };
    expect(await find({ PATH: join(folder, 'bin') })).toEqual(onPath);
  });

  test('variables come first', async () => {
    executable('bin', 'prometheus');
    executable('bin', 'promtool');
    const env = { PATH: join(folder, 'bin'), FLEETLENS_PROMETHEUS: '/opt/p', FLEETLENS_PROMTOOL: '/opt/t' };
    expect(await find(env)).toEqual({ prometheus: '/opt/p', promtool: '/opt/t' });
  });

  test('that cannot be had is named, with what to install and where it was looked for', async () => {
    const env = { PATH: join(folder, 'empty') };
    const attempt = inSetupScript(
      'tools',
      "module.ensureTools(['alertmanager'], { ...args, log: process.stderr }).catch((error) => error.message)",
      { env, folder: join(folder, '.tools') },
    );
    const message = String(await attempt);
    expect(message).toContain('alertmanager and amtool not found.');
    expect(message).toContain(join(folder, 'empty'));
    expect(message).toContain(join(folder, '.tools'));
    expect(message).toContain('apt-get install prometheus-alertmanager');
    expect(readdirSync(join(folder, '.tools'))).toEqual(['apt']);
  });
});

describe('the lock', () => {
  const work = (name: string, ms = 100) =>
    inSetupScript(
      'lock',
      `module.withLock(args.lock, async () => {
        const { appendFileSync } = await import('node:fs');
        appendFileSync(args.journal, args.name + ' begins\\n');
        await new Promise((resolve) => setTimeout(resolve, args.ms));
        appendFileSync(args.journal, args.name + ' ends\\n');
      })`,
      { lock: join(folder, 'lock'), journal: join(folder, 'journal'), name, ms },
    );
  const journal = (): readonly string[] => readFileSync(join(folder, 'journal'), 'utf8').trim().split('\n');

  function leaveLock(owner: object): string {
    const file = join(folder, 'lock', 'owner.json');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(owner));
    return file;
  }

  test('lets one process in at a time', async () => {
    await Promise.all(['a', 'b', 'c'].map((name) => work(name)));
    const lines = journal();
    expect(lines).toHaveLength(6);
    for (const [index, line] of lines.entries()) {
      if (index % 2 === 1) expect(line).toBe(lines[index - 1]?.replace('begins', 'ends'));
    }
    expect(readdirSync(folder)).toEqual(['journal']);
  });

  test('of a process that died is taken over, by one process', async () => {
    const never = 4_194_304;
    leaveLock({ pid: never, host: hostname(), atMs: 1 });
    await Promise.all(['a', 'b'].map((name) => work(name)));
    expect(journal().map((line) => line.slice(2))).toEqual(['begins', 'ends', 'begins', 'ends']);
    expect(readdirSync(folder)).toEqual(['journal']);
  });

  test('of a process elsewhere is taken over once it gives no sign of life', async () => {
    const file = leaveLock({ pid: process.pid, host: 'another-host', atMs: 1 });
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(file, longAgo, longAgo);
    await work('a');
    expect(journal()).toEqual(['a begins', 'a ends']);
  });

  test('of a live process is respected', async () => {
    leaveLock({ pid: process.pid, host: hostname(), atMs: 1 });
    const pending = work('a');
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(() => journal()).toThrow(/ENOENT/);
    rmSync(join(folder, 'lock'), { recursive: true });
    await pending;
  });

  test('is given back when the work fails', async () => {
    const attempt = inSetupScript(
      'lock',
      "module.withLock(args.lock, async () => { throw new Error('no') }).catch((error) => error.message)",
      { lock: join(folder, 'lock') },
    );
    expect(await attempt).toBe('no');
    expect(readdirSync(folder)).toEqual([]);
  });
});
