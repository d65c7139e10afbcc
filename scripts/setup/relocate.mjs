import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Debian compiles these folders into its binaries, and its Alertmanager refuses to start without them.
 * A binary gets a path of the same length instead that leads to file descriptor 9, which the start script opens.
 */
const relocated = [
  { program: 'prometheus', binary: 'usr/bin/prometheus', assets: '/usr/share/prometheus/web' },
  { program: 'alertmanager', binary: 'usr/bin/prometheus-alertmanager', assets: '/usr/share/prometheus/alertmanager' },
];
const unchanged = ['promtool', 'amtool', 'kubectl', 'victoria-metrics'];
/** These find their files beside themselves, wherever they are, but not the libraries that were unpacked with them. */
const withLibraries = ['postgres', 'initdb'];
const serverFolder = 'usr/lib/postgresql/15/bin';
const browser = 'usr/lib/chromium/chromium-headless-shell';
/** Of graphics cards, which nobody prints with. */
const graphics = ['libVkLayer_khronos_validation.so', 'libVkICD_mock_icd.so', 'libvk_swiftshader.so'];
const justInTime = 'usr/lib/postgresql/15/lib/llvmjit.so';

/** Makes `bin/` with one entry per program that an unpacked package has, under upstream's names. */
export function relocate(packageFolder) {
  mkdirSync(join(packageFolder, 'bin'), { recursive: true });
  for (const { program, binary, assets } of relocated) {
    const path = join(packageFolder, binary);
    if (!existsSync(path)) continue;
    writeFileSync(path, withPathReplaced(readFileSync(path), assets));
    const assetsExist = existsSync(join(packageFolder, assets));
    const script = startScript(binary, assetsExist ? assets : undefined);
    writeFileSync(join(packageFolder, 'bin', program), script, { mode: 0o755 });
  }
  for (const program of unchanged) {
    if (!existsSync(join(packageFolder, 'usr/bin', program))) continue;
    symlinkSync(join('..', 'usr/bin', program), join(packageFolder, 'bin', program));
  }
  // The server does without it where it is missing, and fails where it is there and its own library of 100 MB is not.
  rmSync(join(packageFolder, justInTime), { force: true });
  for (const program of withLibraries) {
    const binary = join(serverFolder, program);
    if (!existsSync(join(packageFolder, binary))) continue;
    const script = libraryScript(binary, libraryFolders(packageFolder));
    writeFileSync(join(packageFolder, 'bin', program), script, { mode: 0o755 });
  }
  if (existsSync(join(packageFolder, browser))) relocateBrowser(packageFolder);
}

/** With the libraries and fonts that were unpacked with it, and no others of the system's fonts: so that a page looks the same everywhere. */
function relocateBrowser(packageFolder) {
  for (const name of graphics) rmSync(join(packageFolder, browser, '..', name), { force: true });
  const fonts = [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
    '<fontconfig><dir prefix="relative">usr/share/fonts</dir><cachedir prefix="xdg">fontconfig</cachedir></fontconfig>',
    '',
  ].join('\n');
  writeFileSync(join(packageFolder, 'fonts.conf'), fonts);
  const folders = libraryFolders(packageFolder).flatMap((folder) => [
    folder,
    folder.replace(/^usr\//, ''),
    join(folder, 'nss'),
    join(folder, 'pulseaudio'),
  ]);
  const script = libraryScript(browser, folders, ['export FONTCONFIG_FILE="$here/../fonts.conf"']);
  writeFileSync(join(packageFolder, 'bin', 'chromium'), script, { mode: 0o755 });
}

/** Debian's folder for the libraries of one kind of machine, such as usr/lib/x86_64-linux-gnu. */
function libraryFolders(packageFolder) {
  const names = readdirSync(join(packageFolder, 'usr/lib')).filter((name) => name.includes('-linux-'));
  return names.map((name) => join('usr/lib', name));
}

function libraryScript(binary, folders, settings = []) {
  const path = folders.map((folder) => `$here/../${folder}`).join(':');
  return [
    '#!/bin/sh',
    '# Lets the program find the libraries that were unpacked with it.',
    `here=\${0%/*}`,
    ...settings,
    `LD_LIBRARY_PATH="${path}\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" exec "$here/../${binary}" "$@"`,
    '',
  ].join('\n');
}

/** The same path length keeps every offset in the binary; "/." and "//" change nothing in what a path means. */
export function descriptorPath(length) {
  const shortest = '/proc/self/fd/9';
  const start = (length - shortest.length) % 2 === 0 ? shortest : '/proc//self/fd/9';
  return start + '/.'.repeat((length - start.length) / 2);
}

export function withPathReplaced(bytes, path) {
  const replacement = Buffer.from(descriptorPath(path.length));
  const result = Buffer.from(bytes);
  for (let at = result.indexOf(path); at !== -1; at = result.indexOf(path, at + path.length)) {
    replacement.copy(result, at);
  }
  return result;
}

function startScript(binary, assets) {
  return [
    '#!/bin/sh',
    '# Opens the asset folder as file descriptor 9, where the binary beside this script looks for it.',
    `here=\${0%/*}`,
    ...(assets === undefined ? [] : [`exec 9<"$here/..${assets}"`]),
    `exec "$here/../${binary}" "$@"`,
    '',
  ].join('\n');
}
