import { createHmac } from 'node:crypto';
import { booleanOf, textOf } from '../../../kit/config-values.ts';
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
import type { Letter } from '../letter/letter.ts';
import { dingtalkMarkup as markup } from '../markup/dingtalk-markup.ts';
import { bodyMarkup, linksMarkup, titleMarkup } from '../markup/markup.ts';
import type { Message } from '../message.ts';
import { oneKeyOf, optionalKey, robotFields, secretFile, timeZoneOf } from '../settings/robot-fields.ts';
import { secretUrl } from '../settings/secret-url.ts';
import { type ChannelAnswer, defineChannel, type RenderContext, type Verdict } from './channel.ts';
import { type Mentioned, mentionedBy } from './mentions.ts';

/** A robot of a DingTalk group: https://open.dingtalk.com/document/orgapp/custom-robots-send-group-messages */
export interface DingTalk {
  /** Holds the whole webhook with its access_token. */
  readonly url_file?: string;
  /** Holds the access_token alone. */
  readonly token_file?: string;
  /** For robots with a signature: the text that begins with SEC. */
  readonly secret_file?: string;
  /** For robots with keywords: stands at the end of each message. */
  readonly keyword?: string;
  /** Links as buttons; true unless written. With people to call, DingTalk takes no buttons. */
  readonly buttons?: boolean;
  readonly time_zone?: string;
}

const endpoint = 'https://oapi.dingtalk.com/robot/send';
const limitedSeconds = 600;
const limits = { bodyBytes: 20_000, messages: 20, seconds: 60 } as const;

export const dingtalk = defineChannel<DingTalk>({
  name: 'dingtalk',
  limits,
  parse(value, path) {
    const field = robotFields(value, path, [
      'url_file',
      'token_file',
      'secret_file',
      'keyword',
      'buttons',
      'time_zone',
    ]);
    const [key, place] = oneKeyOf(field, path, ['url_file', 'token_file']);
    return {
      [key]: secretFile(place),
      ...optionalKey(field, 'secret_file', secretFile),
      ...optionalKey(field, 'keyword', textOf),
      ...optionalKey(field, 'buttons', booleanOf),
      ...optionalKey(field, 'time_zone', timeZoneOf),
    };
  },
  secretFiles: ({ url_file, token_file, secret_file }) =>
    [url_file, token_file, secret_file].filter((file) => file !== undefined),
  render(message, settings, context) {
    const body = fitLetter(message, { bytes: limits.bodyBytes, timeZone: settings.time_zone }, (letter) =>
      JSON.stringify(bodyOf(letter, message, settings)),
    );
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    return [{ url: signedUrl(settings, context), method: 'POST', headers, body }];
  },
  judge,
});

function signedUrl({ url_file, token_file, secret_file }: DingTalk, context: RenderContext): URL {
  const url = url_file === undefined ? new URL(endpoint) : secretUrl(url_file, context);
  if (token_file !== undefined) url.searchParams.set('access_token', context.secret(token_file));
  if (secret_file === undefined) return url;
  const timestamp = String(Math.floor(context.nowMs));
  url.searchParams.set('timestamp', timestamp);
  url.searchParams.set('sign', signature(timestamp, context.secret(secret_file)));
  return url;
}

/** Base64 of HMAC-SHA256 over "timestamp\nsecret" under the secret. https://open.dingtalk.com/document/robots/customize-robot-security-settings */
function signature(timestamp: string, secret: string): string {
  return createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64');
}

function bodyOf(letter: Letter, message: Message, settings: DingTalk): object {
  const mentioned = mentionedBy(message);
  const calls = mentioned.everybody || mentioned.mobiles.length > 0 || mentioned.userIds.length > 0;
  const title = titleMarkup(letter, markup);
  if (!calls && settings.buttons !== false && letter.links.length > 0) {
    return {
      msgtype: 'actionCard',
      actionCard: { title, text: textOfLetter(letter, [], settings), ...buttons(letter) },
    };
  }
  const footer = [linksMarkup(letter.links, markup), callsIn(mentioned)].filter((line) => line !== '');
  return {
    msgtype: 'markdown',
    markdown: { title, text: textOfLetter(letter, footer, settings) },
    at: { atMobiles: mentioned.mobiles, atUserIds: mentioned.userIds, isAtAll: mentioned.everybody },
  };
}

function textOfLetter(letter: Letter, footer: readonly string[], { keyword }: DingTalk): string {
  const word = keyword === undefined ? [] : [markup.escape(keyword)];
  return [`### ${titleMarkup(letter, markup)}`, bodyMarkup(letter, markup), ...footer, ...word].join(
    markup.sectionBreak,
  );
}

/** DingTalk only calls those whose number or id stands in the text as well. */
function callsIn({ mobiles, userIds, everybody }: Mentioned): string {
  return [...(everybody ? ['@所有人'] : []), ...[...mobiles, ...userIds].map((id) => `@${id}`)].join(' ');
}

/** Two fit beside each other on a telephone. */
function buttons({ links }: Letter): object {
  return {
    btnOrientation: links.length <= 2 ? '1' : '0',
    btns: links.map(({ label, url }) => ({ title: label, actionURL: url })),
  };
}

/** Codes of the page above and, for the older ones, what robots are known to answer. */
function judge(answer: ChannelAnswer): Verdict {
  const answered = jsonOf(answer);
  if ('verdict' in answered) return answered.verdict;
  const code = codeOf(answered.json['errcode']);
  const words = wordsOf(answered.json['errmsg']);
  const reason = `DingTalk answered ${code ?? 'no errcode'}: ${words}`;
  if (code === 0) return delivered;
  if (code === undefined || code === -1) return failedFor(reason);
  if (code === 130101 || code === 410100) return limitedFor(limitedSeconds, reason);
  if (code === 310000) return failedCheck(answer, words, reason);
  const refused = aboutContent.has(code) ? refusedForContent : refusedFor;
  return refused(`${reason}; ${remedies[code] ?? 'look the code up in the guide'}`);
}

function failedCheck(answer: ChannelAnswer, words: string, reason: string): Verdict {
  if (/timestamp|时间戳/i.test(words)) return skewedBy(answer, `${reason}; the clock of this machine may be wrong`);
  if (/keyword|关键词/i.test(words)) return refusedFor(`${reason}; set keyword to one of the words of the robot`);
  if (/\bip\b|whitelist/i.test(words)) return refusedFor(`${reason}; add the address of this machine to the robot`);
  return refusedFor(`${reason}; check secret_file against the secret of the robot`);
}

const aboutContent: ReadonlySet<number> = new Set([40035, 430101, 430102, 430104, 460101]);

const lostToken = 'copy the webhook of the robot again';
const remedies: Readonly<Record<number, string>> = {
  40035: 'the message is not what DingTalk documents',
  43004: 'the message is not what DingTalk documents',
  300001: lostToken,
  300005: lostToken,
  400013: 'the group was dissolved; make a robot in another one',
  400101: lostToken,
  400102: 'somebody switched the robot off',
  400106: 'the robot was removed; make a new one',
  430101: 'DingTalk takes a link of the message for unsafe',
  430102: 'DingTalk does not allow a text of the message',
  430104: 'DingTalk does not allow something in the message',
  460101: 'the message is longer than DingTalk takes',
};
