import type { ChannelRequest } from '../../alertmanager/bridge/channels/channel.ts';
import { maskedBody, maskedHeader, maskedUrl } from './mask-secrets.ts';

/** A request as a person reads it: JSON and texts with line breaks on lines of their own, parameters decoded where they are all that is sent. */
export function requestText({ method, url, headers, body = '' }: ChannelRequest): string {
  const lines = [
    ...(body === '' ? parameterLines(method, url) : [`${method} ${maskedUrl(url)}`]),
    ...Object.entries(headers).map(([name, value]) => maskedHeader(name, value)),
    '',
    ...(body === '' ? [] : [readable(maskedBody(body)), '']),
  ];
  return lines.join('\n');
}

function parameterLines(method: string, url: URL): readonly string[] {
  const parameters = [...new URL(maskedUrl(url)).searchParams];
  return [`${method} ${url.origin}${url.pathname}`, ...parameters.map(([name, value]) => `  ${name} = ${value}`)];
}

function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2).split('\n').map(brokenLine).join('\n');
  } catch {
    return body;
  }
}

/** A line of JSON with a text that has line breaks: broken behind each of them. */
function brokenLine(line: string): string {
  const indent = `${/^ */.exec(line)?.[0] ?? ''}  `;
  return line.replaceAll(/(?<!\\)((?:\\\\)*\\n)(?!\\n|")/g, `$1\n${indent}`);
}
