import {
  codeOf,
  delivered,
  failedFor,
  jsonOf,
  limitedFor,
  refusedFor,
  refusedForContent,
  wordsOf,
} from '../answers/verdicts.ts';
import { shortened } from '../letter/clean-text.ts';
import { fitLetter } from '../letter/fit-letter.ts';
import type { Letter } from '../letter/letter.ts';
import { bodyMarkup, linksMarkup, titleMarkup } from '../markup/markup.ts';
import { wecomMarkup as markup } from '../markup/wecom-markup.ts';
import type { Message } from '../message.ts';
import { oneKeyOf, optionalKey, robotFields, secretFile, timeZoneOf } from '../settings/robot-fields.ts';
import { secretUrl } from '../settings/secret-url.ts';
import { titleOf } from '../texts/title.ts';
import { type ChannelAnswer, type ChannelRequest, defineChannel, type RenderContext, type Verdict } from './channel.ts';
import { mentionedBy } from './mentions.ts';

/** A robot of a WeCom group: https://developer.work.weixin.qq.com/document/path/91770 */
export interface WeCom {
  /** Holds the whole webhook with its key. */
  readonly url_file?: string;
  /** Holds the key alone. */
  readonly key_file?: string;
  readonly time_zone?: string;
}

const endpoint = 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send';
const limitedSeconds = 60;
const textBytes = 2048;

/** The maker's 4096 bytes are for the Markdown alone; the body around it is kept within them too. */
const limits = { bodyBytes: 4096, messages: 20, seconds: 60 } as const;

export const wecom = defineChannel<WeCom>({
  name: 'wecom',
  limits,
  parse(value, path) {
    const field = robotFields(value, path, ['url_file', 'key_file', 'time_zone']);
    const [key, place] = oneKeyOf(field, path, ['url_file', 'key_file']);
    return { [key]: secretFile(place), ...optionalKey(field, 'time_zone', timeZoneOf) };
  },
  secretFiles: ({ url_file, key_file }) => [url_file, key_file].filter((file) => file !== undefined),
  render(message, settings, context) {
    const content = fitLetter(message, { bytes: limits.bodyBytes, timeZone: settings.time_zone }, (letter) =>
      JSON.stringify({ msgtype: 'markdown', markdown: { content: contentOf(letter, message) } }),
    );
    return [content, ...callsIn(message)].map((body) => requestOf(body, settings, context));
  },
  judge,
});

function requestOf(body: string, { url_file, key_file }: WeCom, context: RenderContext): ChannelRequest {
  const url = url_file === undefined ? new URL(endpoint) : secretUrl(url_file, context);
  if (key_file !== undefined) url.searchParams.set('key', context.secret(key_file));
  return { url, method: 'POST', headers: { 'content-type': 'application/json; charset=utf-8' }, body };
}

function contentOf(letter: Letter, message: Message): string {
  const title = `<font color="${message.status === 'resolved' ? 'info' : 'warning'}">${titleMarkup(letter, markup)}</font>`;
  const calls = mentionedBy(message)
    .userIds.map((id) => `<@${id}>`)
    .join(' ');
  const footer = [linksMarkup(letter.links, markup), calls].filter((line) => line !== '');
  return [`**${title}**`, bodyMarkup(letter, markup), ...footer].join(markup.sectionBreak);
}

/** Telephone numbers and everybody can only be called by a message of type text, which is sent behind the other. */
function callsIn(message: Message): readonly string[] {
  const { mobiles, everybody } = mentionedBy(message);
  if (mobiles.length === 0 && !everybody) return [];
  const text = {
    content: shortened(titleOf(message), textBytes / 4),
    mentioned_mobile_list: mobiles,
    mentioned_list: everybody ? ['@all'] : [],
  };
  return [JSON.stringify({ msgtype: 'text', text })];
}

/** Codes: https://developer.work.weixin.qq.com/document/path/90313 */
function judge(answer: ChannelAnswer): Verdict {
  const answered = jsonOf(answer);
  if ('verdict' in answered) return answered.verdict;
  const code = codeOf(answered.json['errcode']);
  const reason = `WeCom answered ${code ?? 'no errcode'}: ${wordsOf(answered.json['errmsg'])}`;
  if (code === 0) return delivered;
  if (code === undefined || code === -1) return failedFor(reason);
  if (code === 45009 || code === 45033) return limitedFor(limitedSeconds, reason);
  const refused = aboutContent.has(code) ? refusedForContent : refusedFor;
  return refused(`${reason}; ${remedies[code] ?? 'look the code up in the guide'}`);
}

const aboutContent: ReadonlySet<number> = new Set([40058, 44004, 45002]);

const remedies: Readonly<Record<number, string>> = {
  40008: 'the message is not what WeCom documents',
  40058: 'the message is not what WeCom documents, or longer',
  44004: 'the message is empty',
  45002: 'the message is longer than WeCom takes',
  93000: 'copy the webhook of the robot again; it may have been removed',
  93008: 'the robot is no longer in the group',
};
