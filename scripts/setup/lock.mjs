import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const heartbeatMs = 2_000;
const staleMs = 30_000;
const pollMs = 200;

/**
 * Runs `work` while no other process runs under the same lock folder.
 * @template T
 * @param {string} folder the lock; its parent is made when missing
 * @param {() => Promise<T>} work
 * @param {{ onWait?: () => void }} [options]
 * @returns {Promise<T>}
 */
export async function withLock(folder, work, { onWait } = {}) {
  mkdirSync(join(folder, '..'), { recursive: true });
  let waited = false;
  while (!tryLock(folder)) {
    if (!waited) onWait?.();
    waited = true;
    breakStaleLock(folder);
    await sleep(pollMs);
  }
  const beat = setInterval(() => touch(ownerFile(folder)), heartbeatMs);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    rmSync(folder, { recursive: true, force: true });
  }
}

const ownerFile = (folder) => join(folder, 'owner.json');

/** A rename onto a folder that is not empty fails, so the lock appears whole and once. */
function tryLock(folder) {
  const mine = `${folder}-new-${process.pid}`;
  mkdirSync(mine, { recursive: true });
  writeFileSync(ownerFile(mine), JSON.stringify({ pid: process.pid, host: hostname(), atMs: Date.now() }));
  try {
    renameSync(mine, folder);
    return true;
  } catch (error) {
    rmSync(mine, { recursive: true, force: true });
    if (['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(error.code)) return false;
    throw error;
  }
}

function breakStaleLock(folder) {
  const owner = readOwner(folder);
  if (owner === undefined || !isStale(owner)) return;
  // Named after the dead owner: whoever comes second finds this name taken and cannot take a fresh lock away by mistake.
  const grave = `${folder}-stale-${owner.pid}-${owner.atMs}`;
  try {
    renameSync(folder, grave);
  } catch {
    return;
  }
  setTimeout(() => rmSync(grave, { recursive: true, force: true }), staleMs).unref();
  process.once('exit', () => rmSync(grave, { recursive: true, force: true }));
}

function readOwner(folder) {
  try {
    const file = ownerFile(folder);
    return { ...JSON.parse(readFileSync(file, 'utf8')), seenMs: statSync(file).mtimeMs };
  } catch {
    return undefined;
  }
}

function isStale({ pid, host, seenMs }) {
  if (Date.now() - seenMs > staleMs) return true;
  return host === hostname() && !isRunning(pid);
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function touch(file) {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // The folder was removed by hand; the work itself ends in an atomic rename, so nothing is at stake.
  }
}
