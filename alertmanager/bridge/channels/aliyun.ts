import type { Place } from '../../../kit/config-values.ts';
import { judgeAliyun } from '../answers/aliyun.ts';
import { namedParameters, parameterCharacters, phoneNumbers, templateValues } from '../settings/phone.ts';
import { optionalKey, robotFields, secretFile, timeZoneOf } from '../settings/robot-fields.ts';
import { signAcs3 } from '../signing/acs3.ts';
import type { MessageField } from '../texts/message-fields.ts';
import { type ChannelKind, type ChannelRequest, defineChannel, type RenderContext } from './channel.ts';

/** A template of Aliyun that is filled for each number. */
export interface AliyunTemplate {
  readonly access_key_id_file: string;
  readonly access_key_secret_file: string;
  readonly phone_numbers: readonly string[];
  /** Variables of the template, and the field that each of them shows. */
  readonly parameters?: Readonly<Record<string, MessageField>>;
  /** Characters of one variable. */
  readonly parameter_characters?: number;
  readonly time_zone?: string;
}

interface AliyunKind<Own> {
  readonly name: string;
  readonly api: { readonly host: string; readonly action: string; readonly version: string };
  /** Of one variable, unless the settings say otherwise. */
  readonly defaultCharacters: number;
  /** Keys beside those of the template. */
  readonly ownKeys: readonly (keyof Own & string)[];
  readonly parseOwn: (field: (key: string) => Place) => Own;
  /** What is asked for one number; `variables` is JSON, undefined where the template has none. */
  readonly parametersFor: (
    number: string,
    settings: Own,
    variables: string | undefined,
  ) => Readonly<Record<string, string>>;
}

const sharedKeys = [
  'access_key_id_file',
  'access_key_secret_file',
  'phone_numbers',
  'parameters',
  'parameter_characters',
  'time_zone',
];

/** One message a minute for each number is what Aliyun allows. */
export function defineAliyun<Own>({
  name,
  api,
  defaultCharacters,
  ownKeys,
  parseOwn,
  parametersFor,
}: AliyunKind<Own>): ChannelKind<AliyunTemplate & Own> {
  return defineChannel<AliyunTemplate & Own>({
    name,
    limits: { bodyBytes: 8192, messages: 1, seconds: 60 },
    parse(value, path) {
      const field = robotFields(value, path, [...sharedKeys, ...ownKeys]);
      return {
        access_key_id_file: secretFile(field('access_key_id_file')),
        access_key_secret_file: secretFile(field('access_key_secret_file')),
        phone_numbers: phoneNumbers(field('phone_numbers')),
        ...optionalKey(field, 'parameters', namedParameters),
        ...optionalKey(field, 'parameter_characters', parameterCharacters),
        ...optionalKey(field, 'time_zone', timeZoneOf),
        ...parseOwn(field),
      };
    },
    recipients: ({ phone_numbers }) => phone_numbers,
    secretFiles: ({ access_key_id_file, access_key_secret_file }) => [access_key_id_file, access_key_secret_file],
    render(message, settings, context) {
      const characters = settings.parameter_characters ?? defaultCharacters;
      const show = templateValues(message, { characters, timeZone: settings.time_zone });
      const shown = Object.entries(settings.parameters ?? {}).map(([variable, field]) => [variable, show(field)]);
      const variables = shown.length === 0 ? undefined : JSON.stringify(Object.fromEntries(shown));
      return settings.phone_numbers.map((number, index) =>
        requestOf({ ...api, parameters: parametersFor(number, settings, variables) }, settings, context, index),
      );
    },
    judge: judgeAliyun,
  });
}

function requestOf(
  call: AliyunKind<unknown>['api'] & { readonly parameters: Readonly<Record<string, string>> },
  { access_key_id_file, access_key_secret_file }: AliyunTemplate,
  context: RenderContext,
  index: number,
): ChannelRequest {
  const key = { id: context.secret(access_key_id_file), secret: context.secret(access_key_secret_file) };
  const nonce = index === 0 ? context.nonce : `${context.nonce}-${index}`;
  const { query, headers } = signAcs3({ ...call, nowMs: context.nowMs, nonce }, key);
  return { url: new URL(`https://${call.host}/?${query}`), method: 'POST', headers };
}
