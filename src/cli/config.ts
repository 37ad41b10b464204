import { introspectionClients } from '../config/introspection-clients-shape.ts';
import {
  ConfigError,
  definedOnly,
  environmentOf,
  type InspectedSetting,
  inspectSettings,
  readConfig,
  type Variables,
} from '../config/load-config.ts';
import { secret } from '../config/setting-shapes.ts';
import { type Environment, type Setting, settings } from '../config/settings.ts';
import { loadMailTemplates } from '../mail/mail-templates.ts';
import { readVariables } from './command-config.ts';
import { type Define, type Output, printing, type Terminal, tableOf } from './command-line.ts';

const rows: Readonly<Record<string, Setting>> = settings;

export const define: Define = (config, terminal) => {
  const check = config
    .command('check')
    .description('Lists every setting with its value and origin, and everything that is wrong.')
    .option('--all', 'also list settings with their defaults');
  printing(check, terminal, ({ all = false }: { all?: boolean }) => checkAll(terminal, all));
};

async function checkAll(terminal: Terminal, all: boolean): Promise<Output> {
  const { variables, environment: defaultEnvironment, originOf } = await readVariables(terminal);
  const environment = environmentOf(variables, defaultEnvironment);
  const inspected = inspectSettings(definedOnly(variables), environment);
  const shown = inspected.filter(({ isDefault, problem }) => all || !isDefault || problem);
  const data = shown.map((setting) => ({
    name: setting.name,
    value: shownValue(setting),
    origin: setting.isDefault ? 'default' : originOf(setting.name),
    ...(setting.problem && { problem: setting.problem }),
  }));
  const { problems, warnings } = findingsOf(variables, environment);
  const table = tableOf([
    ['setting', 'value', 'origin'],
    ...data.map(({ name, value, origin }) => [name, value, origin]),
  ]);
  const lines = [`Environment: ${environment}`, '', ...table];
  if (warnings.length > 0) lines.push('', ...warnings.map((warning) => `Warning: ${warning}`));
  const failure = problems.join('\n');
  const found = { environment, settings: data, warnings, problems };
  return { data: found, lines, ...(failure && { failure }) };
}

function findingsOf(
  variables: Variables,
  environment: Environment,
): Record<'problems' | 'warnings', readonly string[]> {
  try {
    const { warnings, mailTemplates } = readConfig(variables, environment);
    const { problems } = loadMailTemplates(mailTemplates);
    return { problems, warnings };
  } catch (error) {
    if (error instanceof ConfigError) return { problems: error.message.split('\n'), warnings: [] };
    throw error;
  }
}

/** Returns the value without secrets. */
function shownValue({ key, text }: InspectedSetting): string {
  if (text === undefined) return '(unset)';
  const { shape } = rows[key] ?? {};
  // An entry may contain a secret by mistake.
  if (shape === secret || shape === introspectionClients) return `(${text.length} characters)`;
  if (text.includes('-----BEGIN')) return '(PEM)';
  // Also of URLs with several hosts, which `URL` cannot parse.
  return text.replace(/(?<=^[\w+.-]+:\/\/[^:@/?#]*:)[^/?#]+(?=@)/, '***');
}
