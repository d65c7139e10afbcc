import { delivered, failedFor, limitedFor, verdictOfStatus } from '../answers/verdicts.ts';
import { fitLetter } from '../letter/fit-letter.ts';
import type { Letter, Line, Span } from '../letter/letter.ts';
import { titleMarkup } from '../markup/markup.ts';
import { plainText } from '../markup/plain-text.ts';
import type { Message } from '../message.ts';
import { optionalKey, robotFields, secretFile, timeZoneOf } from '../settings/robot-fields.ts';
import { secretUrl } from '../settings/secret-url.ts';
import { type ChannelAnswer, defineChannel, type Verdict } from './channel.ts';
import { mentionedBy } from './mentions.ts';

/**
 * A channel of Microsoft Teams through the webhook of a workflow, which takes an Adaptive Card:
 * https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook
 */
export interface Teams {
  readonly url_file: string;
  readonly time_zone?: string;
}

const limitedSeconds = 30;

/** 28 KB and 4 requests a second are allowed. */
const limits = { bodyBytes: 28_000, messages: 2, seconds: 1 } as const;

export const teams = defineChannel<Teams>({
  name: 'teams',
  limits,
  parse(value, path) {
    const field = robotFields(value, path, ['url_file', 'time_zone']);
    return { url_file: secretFile(field('url_file')), ...optionalKey(field, 'time_zone', timeZoneOf) };
  },
  secretFiles: ({ url_file }) => [url_file],
  render(message, settings, context) {
    const body = fitLetter(message, { bytes: limits.bodyBytes, timeZone: settings.time_zone }, (letter) =>
      JSON.stringify(bodyOf(letter, message)),
    );
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    return [{ url: secretUrl(settings.url_file, context), method: 'POST', headers, body }];
  },
  judge,
});

function bodyOf(letter: Letter, message: Message): object {
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      {
        type: 'Container',
        style: styleOf(message),
        bleed: true,
        items: richText([[{ text: titleMarkup(letter, plainText), strong: true }]], { size: 'Large' }),
      },
      ...letter.sections.flatMap((lines) => richText(lines)),
      ...callsIn(message),
    ],
    actions: letter.links.map(({ label, url }) => ({ type: 'Action.OpenUrl', title: label, url })),
    msteams: { width: 'Full', entities: mentionedOf(message).map(({ id, name }) => entityOf(id, name)) },
  };
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  };
}

function styleOf({ status, severity }: Message): string {
  if (status === 'resolved') return 'good';
  if (severity === 'warning') return 'warning';
  return severity === 'info' ? 'accent' : 'attention';
}

/** Runs of text are shown as they are, without Markdown, so that nothing in an alert can be markup. One block for each line. */
function richText(lines: readonly Line[], look: object = {}): readonly object[] {
  return lines.map((line, index) => ({
    type: 'RichTextBlock',
    spacing: index === 0 ? 'Medium' : 'None',
    inlines: line.map((span) => runOf(span, look)),
  }));
}

function runOf({ text, strong, url }: Span, look: object): object {
  return {
    type: 'TextRun',
    text,
    ...look,
    ...(strong ? { weight: 'Bolder' } : {}),
    ...(url === undefined ? {} : { underline: true, selectAction: { type: 'Action.OpenUrl', url } }),
  };
}

/** Teams knows people by Entra id or user principal name. Only a TextBlock can call them. */
function callsIn(message: Message): readonly object[] {
  const people = mentionedOf(message);
  if (people.length === 0) return [];
  return [{ type: 'TextBlock', wrap: true, text: people.map(({ name }) => `<at>${name}</at>`).join(' ') }];
}

function mentionedOf(message: Message): readonly { readonly id: string; readonly name: string }[] {
  return mentionedBy(message).userIds.map((id) => {
    const name = message.mentions.find(({ userId }) => userId === id)?.name ?? id;
    return { id, name: /^[\p{L}\p{N} .@_-]{1,64}$/u.test(name) ? name : id };
  });
}

function entityOf(id: string, name: string): object {
  return { type: 'mention', text: `<at>${name}</at>`, mentioned: { id, name } };
}

/** A workflow answers 202 without a body. A connector of the older kind answered 200 and told of failures in the text. */
function judge(answer: ChannelAnswer): Verdict {
  const { status, body } = answer;
  const bad = verdictOfStatus(answer, limitedSeconds);
  if (bad !== undefined) return bad;
  if (/HTTP error 429/i.test(body)) return limitedFor(limitedSeconds, `answered ${status}: ${body}`);
  if (/^\s*</.test(body)) return failedFor(`answered ${status} with a page; is there a proxy or a sign-in in between?`);
  return /delivery failed/i.test(body) ? failedFor(`answered ${status}: ${body}`) : delivered;
}
