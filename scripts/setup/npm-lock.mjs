import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Whether node_modules, according to the record that npm keeps there, holds what package-lock.json asks for.
 * Saves people who run npm themselves a second installation.
 */
export function installedAgrees(folder) {
  const wanted = packagesIn(join(folder, 'package-lock.json'));
  const installed = packagesIn(join(folder, 'node_modules', '.package-lock.json'));
  if (wanted === undefined || installed === undefined) return false;
  const rightOnes = Object.entries(installed).every(([path, entry]) => sameRelease(entry, wanted[path]) && fits(entry));
  const allThere = Object.entries(wanted).every(([path, entry]) => path in installed || mayBeAbsent(path, entry));
  return rightOnes && allThere;
}

function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

function sameRelease(entry, wanted) {
  return wanted !== undefined && entry.version === wanted.version && entry.integrity === wanted.integrity;
}

/**
 * Path "" is the project itself, and workspaces stand without "node_modules/" in front. An optional package has to be there
 * only when it is made for exactly this platform: npm also leaves out what nothing but another platform's package needs.
 */
function mayBeAbsent(path, entry) {
  if (!path.includes('node_modules/')) return true;
  if (entry.optional !== true) return false;
  return entry.os === undefined || entry.libc !== undefined || !fits(entry);
}

const fits = (entry) => allows(entry.os, process.platform) && allows(entry.cpu, process.arch);

function allows(list, value) {
  if (list === undefined) return true;
  if (list.includes(`!${value}`)) return false;
  return list.includes(value) || list.every((item) => item.startsWith('!'));
}
