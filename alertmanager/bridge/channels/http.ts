import { SourceError } from '../../../kit/errors.ts';
import { delivered, failedFor, objectOf, refusedFor, refusedForContent, verdictOfStatus } from '../answers/verdicts.ts';
import { shortened } from '../letter/clean-text.ts';
import { fitLetterIfAny } from '../letter/fit-letter.ts';
import type { Letter } from '../letter/letter.ts';
import { bodyMarkup, linksMarkup, titleMarkup } from '../markup/markup.ts';
import { plainText } from '../markup/plain-text.ts';
import type { Message } from '../message.ts';
import { defaultLimits, type Gateway, parseGateway } from '../settings/gateway.ts';
import { secretUrl } from '../settings/secret-url.ts';
import { contentTypes, encoders, filled } from '../settings/template.ts';
import { fieldsOfMessage, messageFields } from '../texts/message-fields.ts';
import { type ChannelAnswer, defineChannel, type RenderContext, type Verdict } from './channel.ts';

/** Any gateway that takes a request made from a template, as for text messages or calls by a maker that has no kind of its own. */
export const http = defineChannel<Gateway>({
  name: 'http',
  limits: defaultLimits,
  limitsOf: ({ limits }) => limits,
  parse: parseGateway,
  secretFiles: ({ url_file, secrets }) => [...(url_file === undefined ? [] : [url_file]), ...Object.values(secrets)],
  render(message, settings, context) {
    const { method, encoding, headers } = settings;
    const body = method === 'POST' ? bodyOf(message, settings, context) : undefined;
    const own = Object.entries(headers).map(([name, value]) => [name, filled(value, secretsIn(settings, context))]);
    return [
      {
        url: urlOf(message, settings, context),
        method,
        headers: {
          ...(body === undefined ? {} : { 'content-type': contentTypes[encoding] }),
          ...Object.fromEntries(own),
        },
        ...(body === undefined ? {} : { body }),
      },
    ];
  },
  judge,
});

type ValueOf = (name: string) => string;

function secretsIn({ secrets }: Gateway, context: RenderContext): ValueOf {
  return (name) => {
    const file = secrets[name.replace(/^secret\./, '')];
    return file === undefined ? '' : context.secret(file);
  };
}

/** Bytes of a field, from the most that is tried. */
const fieldBytes = [500, 100, 20] as const;
const urlFieldBytes = 100;
const urlTextBytes = 500;
const defaultBody = '{"title": "{{title}}", "text": "{{text}}"}';

function bodyOf(message: Message, settings: Gateway, context: RenderContext): string {
  const { encoding, limits, time_zone } = settings;
  const room = { bytes: limits.bodyBytes, timeZone: time_zone };
  const template = settings.body ?? defaultBody;
  const encode = (show: ValueOf): string => filled(template, (name) => encoders[encoding](show(name)));
  for (const bytes of fieldBytes) {
    const values = valuesOf(message, settings, context, bytes);
    const body = fitLetterIfAny(message, room, (letter) =>
      encode((name) => (name === 'text' ? textOf(letter) : values(name))),
    );
    if (body !== undefined) return body;
    const short = encode((name) => (name === 'text' ? values('title') : values(name)));
    if (Buffer.byteLength(short) <= limits.bodyBytes) return short;
  }
  throw new SourceError(`no form of the message has ${limits.bodyBytes} bytes or fewer in this template`);
}

function textOf(letter: Letter): string {
  const links = letter.links.length === 0 ? [] : [linksMarkup(letter.links, plainText, plainText.lineBreak)];
  return [titleMarkup(letter, plainText), bodyMarkup(letter, plainText), ...links].join(plainText.sectionBreak);
}

function urlOf(message: Message, settings: Gateway, context: RenderContext): URL {
  if (settings.url_file !== undefined) return secretUrl(settings.url_file, context);
  const values = valuesOf(message, settings, context, urlFieldBytes);
  const text = shortened(values('title'), urlTextBytes);
  return new URL(filled(settings.url ?? '', (name) => encodeURIComponent(name === 'text' ? text : values(name))));
}

function valuesOf(message: Message, settings: Gateway, context: RenderContext, bytes: number): ValueOf {
  const fields = fieldsOfMessage(message, settings.time_zone);
  const secret = secretsIn(settings, context);
  return (name) => {
    const field = messageFields.find((candidate) => candidate === name);
    return field === undefined ? secret(name) : shortened(fields[field], bytes);
  };
}

function judge(answer: ChannelAnswer, { success }: Gateway): Verdict {
  const { statuses, json, equals } = success;
  const bad = verdictOfStatus(answer);
  if (bad !== undefined) return bad;
  if (statuses !== undefined && !statuses.includes(answer.status)) {
    return refusedFor(`answered ${answer.status}, and success.statuses are ${statuses.join(', ')}`);
  }
  if (json === undefined) return delivered;
  const found = valueAt(objectOf(answer.body), json.split('.'));
  if (found === undefined) return failedFor(`answered ${answer.status} without ${json}: ${answer.body}`);
  return String(found) === String(equals)
    ? delivered
    : refusedForContent(`answered with ${json} ${JSON.stringify(found)}: ${answer.body}`);
}

function valueAt(value: unknown, way: readonly string[]): unknown {
  const [key, ...further] = way;
  if (key === undefined) return value;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return valueAt(Object.entries(value).find(([name]) => name === key)?.[1], further);
}
