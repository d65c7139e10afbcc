import { createHmac } from 'node:crypto';
import { textOf } from '../../../kit/config-values.ts';
import {
  codeOf,
  delivered,
  failedFor,
  jsonOf,
  limitedFor,
  refusedFor,
  refusedForContent,
  skewedBy,
  wordsOf,
} from '../answers/verdicts.ts';
import { fitLetter } from '../letter/fit-letter.ts';
import type { Letter, Link } from '../letter/letter.ts';
import { feishuMarkup as markup } from '../markup/feishu-markup.ts';
import { bodyMarkup, titleMarkup } from '../markup/markup.ts';
import { plainText } from '../markup/plain-text.ts';
import type { Message } from '../message.ts';
import { optionalKey, robotFields, secretFile, timeZoneOf } from '../settings/robot-fields.ts';
import { secretUrl } from '../settings/secret-url.ts';
import { type ChannelAnswer, defineChannel, type RenderContext, type Verdict } from './channel.ts';
import { mentionedBy } from './mentions.ts';

/** A custom bot of a Feishu or Lark group: https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot */
export interface Feishu {
  /** Holds the webhook, of open.feishu.cn or open.larksuite.com. */
  readonly url_file: string;
  /** For bots with a signature. */
  readonly secret_file?: string;
  /** For bots with keywords: stands at the end of each message. */
  readonly keyword?: string;
  readonly time_zone?: string;
}

/**
 * 20 KB, 100 messages a minute and 5 a second are allowed. 3 in 2 seconds keep both, whether they come evenly or at once.
 */
const limits = { bodyBytes: 20_000, messages: 3, seconds: 2 } as const;

const limitedSeconds = 60;

export const feishu = defineChannel<Feishu>({
  name: 'feishu',
  limits,
  parse(value, path) {
    const field = robotFields(value, path, ['url_file', 'secret_file', 'keyword', 'time_zone']);
    return {
      url_file: secretFile(field('url_file')),
      ...optionalKey(field, 'secret_file', secretFile),
      ...optionalKey(field, 'keyword', textOf),
      ...optionalKey(field, 'time_zone', timeZoneOf),
    };
  },
  secretFiles: ({ url_file, secret_file }) => [url_file, secret_file].filter((file) => file !== undefined),
  render(message, settings, context) {
    const signed = signature(settings, context);
    const body = fitLetter(message, { bytes: limits.bodyBytes, timeZone: settings.time_zone }, (letter) =>
      JSON.stringify({ ...signed, msg_type: 'interactive', card: cardOf(letter, message, settings) }),
    );
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    return [{ url: secretUrl(settings.url_file, context), method: 'POST', headers, body }];
  },
  judge,
});

/** Base64 of HMAC-SHA256 over nothing, under "timestamp\nsecret" as the key; the timestamp is in seconds. */
function signature({ secret_file }: Feishu, context: RenderContext): object {
  if (secret_file === undefined) return {};
  const timestamp = String(Math.floor(context.nowMs / 1000));
  const sign = createHmac('sha256', `${timestamp}\n${context.secret(secret_file)}`).digest('base64');
  return { timestamp, sign };
}

function cardOf(letter: Letter, message: Message, { keyword }: Feishu): object {
  const footer = [callsIn(message), keyword === undefined ? '' : markup.escape(keyword)].filter((line) => line !== '');
  const content = [bodyMarkup(letter, markup), ...footer].join(markup.sectionBreak);
  return {
    config: { wide_screen_mode: true },
    header: { template: colourOf(message), title: { tag: 'plain_text', content: titleMarkup(letter, plainText) } },
    elements: [
      { tag: 'div', text: { tag: 'lark_md', content } },
      ...(letter.links.length === 0 ? [] : [{ tag: 'action', actions: letter.links.map(buttonOf) }]),
    ],
  };
}

function colourOf({ status, severity }: Message): string {
  if (status === 'resolved') return 'green';
  if (severity === 'warning') return 'orange';
  return severity === 'info' ? 'blue' : 'red';
}

function buttonOf({ label, url }: Link, index: number): object {
  return { tag: 'button', text: { tag: 'plain_text', content: label }, type: index === 0 ? 'primary' : 'default', url };
}

/** Feishu knows people by open_id or user_id; a custom bot cannot call by telephone number. */
function callsIn(message: Message): string {
  const { userIds, everybody } = mentionedBy(message);
  return [...(everybody ? ['all'] : []), ...userIds].map((id) => `<at id=${id}></at>`).join(' ');
}

function judge(answer: ChannelAnswer): Verdict {
  const answered = jsonOf(answer);
  if ('verdict' in answered) return answered.verdict;
  const { json } = answered;
  const code = codeOf(json['code'] ?? json['StatusCode']);
  const reason = `Feishu answered ${code ?? 'no code'}: ${wordsOf(json['msg'] ?? json['StatusMessage'])}`;
  if (code === 0) return delivered;
  if (code === undefined || temporary.has(code)) return failedFor(reason);
  if (code === 11232 || code === 99991400) return limitedFor(limitedSeconds, reason);
  if (code === 19021)
    return skewedBy(answer, `${reason}; the clock of this machine or the content of secret_file is wrong`);
  const refused = aboutContent.has(code) ? refusedForContent : refusedFor;
  return refused(`${reason}; ${remedies[code] ?? 'look the code up in the guide'}`);
}

const aboutContent: ReadonlySet<number> = new Set([9499, 19002, 19036]);

const temporary: ReadonlySet<number> = new Set([-1, 1500, 19999]);

const remedies: Readonly<Record<number, string>> = {
  9499: 'the message is not what Feishu documents',
  10208: 'copy the webhook of the bot again',
  19001: 'copy the webhook of the bot again',
  19002: 'the message is not what Feishu documents',
  19007: 'somebody switched the bot off',
  19022: 'add the address of this machine to the bot',
  19024: 'set keyword to one of the words of the bot',
  19036: 'the message is longer than Feishu takes',
};
