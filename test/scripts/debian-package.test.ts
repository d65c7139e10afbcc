import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inSetupScript } from '../support/setup-script.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetlens-debian-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode });
}

const assets = '/usr/share/prometheus/alertmanager';

describe('a binary that looks for its files below /usr/share', () => {
  test.each([15, 16, 17, 25, 34])('gets a path of the same length, %i, to descriptor 9', async (length) => {
    const path = String(await inSetupScript('relocate', 'module.descriptorPath(args)', length));
    expect(path).toHaveLength(length);
    expect(path).toMatch(/^\/proc\/{1,2}self\/fd\/9(\/\.)*$/);
  });

  test('finds them beside itself after relocation, wherever the folder is', async () => {
    const content = join(folder, 'a folder');
    write(
      join(content, 'usr/bin/prometheus-alertmanager'),
      `#!/bin/sh\ncat ${assets}/default.tmpl; echo "$@"\n`,
      0o755,
    );
    write(join(content, assets, 'default.tmpl'), 'the template\n');
    await inSetupScript('relocate', 'module.relocate(args)', content);
    const run = (args: readonly string[]): string =>
      execFileSync(join(content, 'bin/alertmanager'), args, { encoding: 'utf8', cwd: '/' });
    expect(run(['--config.file=a b'])).toBe('the template\n--config.file=a b\n');
  });
});

describe('a server that is linked with libraries of other packages', () => {
  const server = 'usr/lib/postgresql/15';

  test('finds those that were unpacked with it before those of the system, and keeps what is set', async () => {
    const content = join(folder, 'a folder');
    write(join(content, server, 'bin/postgres'), '#!/bin/sh\necho "$LD_LIBRARY_PATH" "$@"\n', 0o755);
    write(join(content, 'usr/lib/some-linux-gnu/libpq.so.5'), '');
    await inSetupScript('relocate', 'module.relocate(args)', content);
    const run = (env: NodeJS.ProcessEnv): string =>
      execFileSync(join(content, 'bin/postgres'), ['-D', 'a b'], { encoding: 'utf8', cwd: '/', env });
    expect(run({ PATH: process.env['PATH'] })).toBe(`${content}/bin/../usr/lib/some-linux-gnu -D a b\n`);
    expect(run({ PATH: process.env['PATH'], LD_LIBRARY_PATH: '/own' })).toBe(
      `${content}/bin/../usr/lib/some-linux-gnu:/own -D a b\n`,
    );
  });

  test('is without its compiler, whose own library is not there', async () => {
    const content = join(folder, 'content');
    write(join(content, server, 'bin/postgres'), '#!/bin/sh\n', 0o755);
    write(join(content, server, 'lib/llvmjit.so'), '');
    write(join(content, server, 'lib/pgoutput.so'), '');
    await inSetupScript('relocate', 'module.relocate(args)', content);
    expect(readdirSync(join(content, server, 'lib'))).toEqual(['pgoutput.so']);
  });
});

test('a browser finds its libraries, and no fonts but its own', async () => {
  const content = join(folder, 'a folder');
  const shell = '#!/bin/sh\necho "$LD_LIBRARY_PATH"; cat "$FONTCONFIG_FILE"; echo "$@"\n';
  write(join(content, 'usr/lib/chromium/chromium-headless-shell'), shell, 0o755);
  write(join(content, 'usr/lib/chromium/libvk_swiftshader.so'), '');
  write(join(content, 'usr/lib/some-linux-gnu/libnss3.so'), '');
  await inSetupScript('relocate', 'module.relocate(args)', content);
  const options = { encoding: 'utf8', cwd: '/', env: { PATH: process.env['PATH'] } } as const;
  const told = execFileSync(join(content, 'bin/chromium'), ['--headless', 'a b'], options).split('\n');
  const folders = [
    'usr/lib/some-linux-gnu',
    'lib/some-linux-gnu',
    'usr/lib/some-linux-gnu/nss',
    'usr/lib/some-linux-gnu/pulseaudio',
  ];
  expect(told[0]).toBe(folders.map((each) => `${content}/bin/../${each}`).join(':'));
  expect(told.join(' ')).toContain('<fontconfig><dir prefix="relative">usr/share/fonts</dir>');
  expect(told.at(-2)).toBe('--headless a b');
  expect(readdirSync(join(content, 'usr/lib/chromium'))).toEqual(['chromium-headless-shell']);
});

describe('with the real apt-get and dpkg', () => {
  beforeAll(() => {
    const missing = ['/usr/bin/apt-get', '/usr/bin/dpkg-deb'].filter((program) => !existsSync(program));
    if (missing.length > 0) throw new Error(`${missing.join(' and ')} are needed: run the tests on Debian or Ubuntu`);
  });

  /** A repository of one package, on disk, and the apt configuration that makes it the only source. */
  function publish(version: string, promtool: string): NodeJS.ProcessEnv {
    const repository = join(folder, 'repository');
    const content = join(folder, `content-${version}`);
    const architecture = execFileSync('dpkg', ['--print-architecture'], { encoding: 'utf8' }).trim();
    const fields = `Package: prometheus\nVersion: ${version}\nArchitecture: ${architecture}\nMaintainer: Test <test@localhost>\n`;
    write(join(content, 'DEBIAN/control'), `${fields}Description: test\n`);
    write(join(content, 'usr/bin/prometheus'), '#!/bin/sh\necho prometheus\n', 0o755);
    write(join(content, 'usr/bin/promtool'), promtool, 0o755);
    rmSync(repository, { recursive: true, force: true });
    mkdirSync(repository, { recursive: true });
    const archive = `prometheus_${version}_${architecture}.deb`;
    execFileSync('dpkg-deb', ['--build', '--root-owner-group', content, join(repository, archive)], { stdio: 'pipe' });
    const bytes = readFileSync(join(repository, archive));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const { size } = statSync(join(repository, archive));
    const entry = `${fields}Filename: ./${archive}\nSize: ${size}\nSHA256: ${sha256}\nDescription: test\n`;
    write(join(repository, 'Packages'), entry);
    write(join(folder, 'sources.list'), `deb [trusted=yes] copy:${repository} ./\n`);
    const config = `Dir::Etc::sourcelist "${join(folder, 'sources.list')}";\nDir::Etc::sourceparts "/dev/null";\n`;
    write(join(folder, 'apt.conf'), config);
    return { PATH: programsWithoutPrometheus(), APT_CONFIG: join(folder, 'apt.conf') };
  }

  /** What unpacking needs and no more, so that a Prometheus of this machine is not found. */
  function programsWithoutPrometheus(): string {
    const bin = join(folder, 'bin');
    mkdirSync(bin, { recursive: true });
    for (const name of ['apt-get', 'dpkg', 'dpkg-deb', 'sh', 'cat', 'tar', 'rm', 'gzip', 'xz', 'zstd']) {
      const program = [`/usr/bin/${name}`, `/bin/${name}`].find((path) => existsSync(path));
      if (program !== undefined && !existsSync(join(bin, name))) symlinkSync(program, join(bin, name));
    }
    return bin;
  }

  const tools = (): string => join(folder, '.tools');
  const runs = '#!/bin/sh\necho 1.0\n';

  const ensure = (env: NodeJS.ProcessEnv) =>
    inSetupScript(
      'tools',
      "module.ensureTools(['prometheus'], { ...args, log: process.stderr }).catch((error) => error.message)",
      { env, folder: tools() },
    );

  const pathsIn = (version: string) => ({
    prometheus: join(tools(), `prometheus-${version}`, 'bin', 'prometheus'),
    promtool: join(tools(), `prometheus-${version}`, 'bin', 'promtool'),
  });

  test('several at once get the same package, and nothing else is left behind', async () => {
    const env = publish('2.42.0+ds-5', runs);
    const results = await Promise.all([ensure(env), ensure(env), ensure(env)]);
    expect(results).toEqual(Array(3).fill(pathsIn('2.42.0+ds-5')));
    expect(readdirSync(tools()).sort()).toEqual(['apt', 'prometheus-2.42.0+ds-5']);
    expect(execFileSync(pathsIn('2.42.0+ds-5').promtool, { encoding: 'utf8' })).toBe('1.0\n');
  });

  test('package lists that are out of date are fetched again', async () => {
    await ensure(publish('2.42.0', runs));
    rmSync(join(tools(), 'prometheus-2.42.0'), { recursive: true });
    expect(await ensure(publish('2.45.1', runs))).toEqual(pathsIn('2.45.1'));
  });

  test('a program that does not run here is not kept', async () => {
    const env = publish('2.42.0', '#!/bin/sh\necho "error while loading libfoo.so.1" >&2\nexit 127\n');
    expect(await ensure(env)).toMatch(/promtool was unpacked but does not run here: error while loading libfoo\.so\.1/);
    expect(readdirSync(tools())).toEqual(['apt']);
  });

  test('a package that no source has', async () => {
    const env = publish('2.42.0', runs);
    writeFileSync(join(folder, 'repository', 'Packages'), '');
    expect(await ensure(env)).toMatch(/Debian package: {2}prometheus is in no package list/);
  });
});

test('VictoriaMetrics needs nothing beside it and is found by the name of its program, whose variable a shell can set', async () => {
  const content = join(folder, '.tools/victoria-metrics-1.79.5+ds1');
  write(join(content, 'usr/bin/victoria-metrics'), '#!/bin/sh\necho "$@"\n', 0o755);
  await inSetupScript('relocate', 'module.relocate(args)', content);
  const program = join(content, 'bin/victoria-metrics');
  expect(execFileSync(program, ['-version'], { encoding: 'utf8' })).toBe('-version\n');
  const found = { 'victoria-metrics': program };
  const find = (env: Readonly<Record<string, string>>): Promise<unknown> =>
    inSetupScript('find-tool', "module.findPackage('victoriametrics', args)", { env, folder: join(folder, '.tools') });
  expect(await find({ PATH: '' })).toEqual(found);
  expect(await inSetupScript('tools', 'module.environmentFor(args)', found)).toEqual({
    FLEETLENS_VICTORIA_METRICS: program,
  });
  expect(await find({ PATH: '', FLEETLENS_VICTORIA_METRICS: '/opt/vm' })).toEqual({ 'victoria-metrics': '/opt/vm' });
});
