import { isInjected } from './environment.ts';
import { secret } from './setting-shapes.ts';
import { type Setting, settings } from './settings.ts';

type Named = Readonly<Record<string, string | undefined>>;

/** Variables that are read although they are not settings. */
const alsoRead = ['NODE_ENV', 'DEBUG', 'REDIS_HOST', 'REDIS_PORT', 'UV_THREADPOOL_SIZE'];

/** Settings of earlier versions that no longer exist. */
const retired = new Set(['LIMIT_NOTICES']);

/** Variables of other programs that share a `.env` file with Gatehouse. */
const ofOthers = /^(COMPOSE|DOCKER|BUILDKIT|POSTGRES|NODE(?!_EN)|npm)_|^(TZ|LANG|PG[A-Z]+)$/;

/** Variables of the replaced service and similar ones, with the setting that replaces each. */
const heldElsewhere: readonly (readonly [RegExp, string])[] = [
  [/^(SMTP|E?MAIL)_(HOST|PORT|USER|USERNAME|PASS|PASSWORD|HOST_USER|HOST_PASSWORD)$/, 'SMTP_URL'],
  [/^E?MAIL_USE_(TLS|SSL)$/, 'SMTP_URL'],
  [/^DEFAULT_FROM_EMAIL$|^SMTP_FROM$/, 'MAIL_FROM'],
  [/^(DB|DATABASE)_(HOST|PORT|USER|USERNAME|NAME|PASS|PASSWORD)$/, 'DATABASE_URL'],
  [/^REDIS_(PASSWORD|USER|USERNAME|DB)$/, 'REDIS_URL'],
];

const rows = Object.values<Setting>(settings);
const known = new Set(rows.flatMap(({ variable, formerly = [] }) => [variable, ...formerly]));
for (const name of alsoRead) known.add(name);
const secrets = rows.filter(({ shape }) => shape === secret).map(({ variable }) => variable);

/** Whether this variable is read and may have quotes around it, which secrets may not. */
export const isRead = (name: string): boolean => known.has(name) && !secrets.includes(name);

/** Returns a problem for each variable with a misspelled name. */
export function misspelledSettings(variables: Named): string[] {
  return namesToCheck(variables).flatMap((name) => {
    const meant = isForeign(name) ? undefined : settingMeantBy(name);
    return meant ? [`${name}: unknown setting. Did you mean ${meant}?`] : [];
  });
}

/** Returns a warning for each variable that looks like a setting but has no effect. */
export function ineffectiveSettings(variables: Named): string[] {
  return namesToCheck(variables).flatMap((name) => {
    if (retired.has(name)) return [`${name}: removed in this release and ignored. Remove it.`];
    const [, instead] = heldElsewhere.find(([pattern]) => pattern.test(name)) ?? [];
    if (instead) return [`${name}: ignored. Set ${instead} instead.`];
    return name.startsWith('LIMIT_')
      ? [`${name}: unknown setting, ignored. Remove or correct it.`]
      : [];
  });
}

/** Returns a warning that lists the unknown variables of a `.env` file. */
export function unknownVariables(variables: Named): string[] {
  const names = namesToCheck(variables).filter(
    (name) => !isForeign(name) && !/^(LIMIT|OTEL)_/.test(name) && /^[a-z_]\w{0,39}$/i.test(name),
  );
  const described = names.map((name) => {
    const meant = known.has(name.toUpperCase()) && name.toUpperCase();
    return meant ? `${name} (did you mean ${meant}?)` : name;
  });
  return names.length > 0
    ? [`.env: unknown settings are ignored: ${described.join(', ')}. Remove or correct them.`]
    : [];
}

const namesToCheck = (variables: Named): string[] =>
  Object.keys(variables).filter((name) => !known.has(name) && !isInjected(name, variables[name]));

const isForeign = (name: string): boolean =>
  ofOthers.test(name) || retired.has(name) || heldElsewhere.some(([pattern]) => pattern.test(name));

/** Returns the setting that a mistyped name means, if one is close enough. */
function settingMeantBy(name: string): string | undefined {
  const sameWords = recognizable(0).find((setting) => stemsOf(setting) === stemsOf(name));
  if (sameWords) return sameWords;
  return [0, 1, 2]
    .flatMap((typos) => recognizable(typos).map((setting) => ({ setting, typos })))
    .find(({ setting, typos }) => isNear(plain(name), plain(setting), typos))?.setting;
}

const plain = (name: string): string => name.toUpperCase().replaceAll('_', '');

/** Returns the settings whose names are long enough to be recognized despite this many typos. */
const recognizable = (typos: number): string[] =>
  [...known].filter((setting) => plain(setting).length >= 6 + 3 * Math.max(0, typos - 1));

/** Returns the words of a name, sorted, without endings: `TRUSTED_PROXIES` is `TRUST_PROXY`. */
const stemsOf = (name: string): string =>
  name
    .toUpperCase()
    .split('_')
    .map((word) => word.replace(/(IES|Y|ED|S)$/, ''))
    .sort()
    .join('_');

/** Whether at most `typos` insertions, omissions, replacements or swaps lead from `a` to `b`. */
function isNear(a: string, b: string, typos: number): boolean {
  if (Math.abs(a.length - b.length) > typos) return false;
  let same = 0;
  while (same < a.length && a[same] === b[same]) same += 1;
  const [x, y] = [a.slice(same), b.slice(same)];
  if (x === y) return true;
  if (typos === 0) return false;
  const swapped = x[0] === y[1] && x[1] === y[0];
  return (
    isNear(x.slice(1), y, typos - 1) ||
    isNear(x, y.slice(1), typos - 1) ||
    isNear(x.slice(1), y.slice(1), typos - 1) ||
    (swapped && isNear(x.slice(2), y.slice(2), typos - 1))
  );
}
