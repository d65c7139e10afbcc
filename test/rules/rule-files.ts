import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { tool } from '../support/tools.ts';

export interface ToolResult {
  readonly ok: boolean;
  readonly output: string;
}

/** Files in a folder of their own, by name; an object is written as YAML. */
export interface RuleFolder {
  readonly write: (name: string, content: object) => void;
  readonly writeText: (name: string, text: string) => void;
  readonly promtool: (...args: readonly string[]) => ToolResult;
  readonly remove: () => void;
}

export function ruleFolder(): RuleFolder {
  const folder = mkdtempSync(join(tmpdir(), 'fleetlens-rules-'));
  return {
    write: (name, content) => writeFileSync(join(folder, name), dump(content, { lineWidth: -1, noRefs: true })),
    writeText: (name, text) => writeFileSync(join(folder, name), text),
    promtool: (...args) => run(folder, args),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

let found: string | undefined;

function promtool(): string {
  found ??= tool('promtool');
  return found;
}

function run(cwd: string, args: readonly string[]): ToolResult {
  const { status, stdout, stderr, error } = spawnSync(promtool(), args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: Number.POSITIVE_INFINITY,
  });
  if (error !== undefined) throw error;
  return { ok: status === 0, output: stdout + stderr };
}
