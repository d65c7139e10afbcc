import { wrap } from '../../kit/wrap.ts';
import type { ReceivedAlert } from './receiver.ts';

export interface Screen {
  /** Lines that stay. */
  readonly print: (text: string) => void;
  /** One line at the bottom that is replaced; without a terminal it is printed when it says something new. */
  readonly status: (line: string) => void;
  readonly close: () => void;
}

interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly write: (text: string) => unknown;
}

const clearLine = '\r\x1b[2K';

export function createScreen(output: Output): Screen {
  let current = '';
  if (output.isTTY !== true) {
    return {
      print: (text) => void output.write(`${text}\n`),
      status: (line) => {
        const news = withoutClock(line);
        if (news === current) return;
        current = news;
        output.write(`${line}\n`);
      },
      close: () => {},
    };
  }
  return {
    print: (text) => void output.write(`${clearLine}${text}\n${current}`),
    status: (line) => {
      current = line.slice(0, Math.max(20, (output.columns ?? 80) - 1));
      output.write(clearLine + current);
    },
    close: () => void output.write(clearLine),
  };
}

function withoutClock(line: string): string {
  return line.replace(/^\S+\s+/, '');
}

const colours: Readonly<Record<string, string>> = {
  critical: '\x1b[1;31m',
  warning: '\x1b[33m',
  info: '\x1b[36m',
  resolved: '\x1b[32m',
};

export interface AlertStyle {
  readonly colour: boolean;
  /** Columns of the terminal; Infinity for a file. */
  readonly width: number;
}

/** An alert as a person wants to read it: what, where, and what to do. */
export function alertText(alert: ReceivedAlert, { colour, width }: AlertStyle): string {
  const { alertname = 'alert', severity = 'none', action } = alert.labels;
  const { summary = '', description = '', context = '', runbook_url: runbook } = alert.annotations;
  const isFiring = alert.status === 'firing';
  const where = placeOf(alert.labels);
  const state = isFiring ? severity.toUpperCase() : 'resolved';
  const head = `${new Date().toISOString().slice(11, 19)}  ${paint(state.padEnd(8), colours[isFiring ? severity : 'resolved'], colour)}  ${alertname}${where === '' ? '' : `  ${where}`}`;
  if (!isFiring) return head;
  const details = [description === '' ? summary : description, context, runbookLine(action, runbook)].filter(
    (line) => line !== '',
  );
  return [head, ...details.flatMap((line) => wrap(line, { indent: '          ', width }))].join('\n');
}

/** The run, the model or the tenant, or else the node and the GPU: where a run or a model is exported says little about where it is. */
function placeOf({
  run,
  rank,
  model_name: model,
  tenant,
  upstream,
  node,
  gpu_id: gpuId,
}: ReceivedAlert['labels']): string {
  const ofRun = [named('run', run), named('rank', rank)];
  const ofServing = [named('model', model), named('tenant', tenant), named('upstream', upstream)];
  const ofNode = [node, named('gpu', gpuId)];
  const parts = [run === undefined ? [] : ofRun, ofServing, ofNode].map((each) =>
    each.filter((part) => part !== undefined),
  );
  return parts.find((each) => each.length > 0)?.join(' ') ?? '';
}

function named(what: string, name: string | undefined): string | undefined {
  return name === undefined || name === '' ? undefined : `${what} ${name}`;
}

function runbookLine(action: string | undefined, runbook: string | undefined): string {
  const parts = [
    action === undefined || action === 'none' ? undefined : `action: ${action}`,
    runbook === undefined ? undefined : `runbook: ${runbook}`,
  ];
  return parts.filter((part) => part !== undefined).join('   ');
}

function paint(text: string, code: string | undefined, colour: boolean): string {
  return colour && code !== undefined ? `${code}${text}\x1b[0m` : text;
}
