import { booleanOf, fieldsOf, listOf, optional, type Place, textOf } from '../../../kit/config-values.ts';
import { ConfigError } from '../../../kit/errors.ts';
import type { Mention } from '../message.ts';

const most = 50;

/** A list of people to call by name. Throws ConfigError. */
export function mentionsOf(place: Place): readonly Mention[] {
  return listOf(place, most).map(mentionAt);
}

function mentionAt(place: Place): Mention {
  const field = fieldsOf(place, ['mobile', 'user_id', 'name', 'everybody']);
  const mobile = optional(field('mobile'), textOf);
  const userId = optional(field('user_id'), textOf);
  const name = optional(field('name'), textOf);
  const everybody = optional(field('everybody'), booleanOf);
  if ([mobile, userId, name].every((each) => each === undefined) && everybody !== true)
    throw new ConfigError(`${place.where} must have mobile, user_id, name or everybody: true`);
  if (mobile !== undefined && !/^\+?[\d -]{5,20}$/.test(mobile))
    throw new ConfigError(`${place.where}.mobile must be a telephone number in quotes, such as "13800138000"`);
  return {
    ...(mobile === undefined ? {} : { mobile: mobile.replaceAll(/[ -]/g, '') }),
    ...(userId === undefined ? {} : { userId }),
    ...(name === undefined ? {} : { name }),
    ...(everybody === true ? { everybody } : {}),
  };
}
