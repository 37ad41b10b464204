import { auditEvents } from '../audit/event-types.ts';
import { type Setting, settingGroups } from '../config/settings.ts';
import { errorCodes } from '../errors/auth-error.ts';
import { problemTypes } from '../errors/problem-types.ts';
import {
  commonVariables,
  fileNameOf,
  mailKinds,
  mailReasons,
  variables,
  variablesOf,
} from '../mail/mail-kinds.ts';
import { type Metric, metricGroups } from '../ports/metrics.ts';
import { routes } from '../rest/rest-routes.ts';
import type { Route } from '../rest/route.ts';
import { type DerivedType, derivedTypes } from '../webhooks/webhook-types.ts';

type WebhookType = (typeof derivedTypes)[DerivedType];

const mark = '<!-- made by `npm run generate` -->\n';

/** The documents that end in a generated reference. */
export const referenceTables = {
  'docs/operate/settings.md': settingTables,
  'docs/reference/errors.md': errorTable,
  'docs/reference/events.md': eventTable,
  'docs/reference/mails.md': mailTables,
  'docs/reference/metrics.md': metricTables,
  'docs/reference/operations.md': operationTable,
  'docs/reference/webhooks.md': webhookTable,
} satisfies Record<string, () => string>;

/** Replaces what follows the mark in a document. */
export function withReference(document: string, reference: string): string {
  const [text = '', old] = document.split(mark);
  if (old === undefined)
    throw new Error(
      `the document lacks the line ${mark.trim()}. Restore it above the generated table.`,
    );
  return text + mark + reference;
}

function markdownTable(heading: readonly string[], rows: readonly string[][]): string {
  const lines = [heading, heading.map(() => '---'), ...rows].map((row) => {
    return `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  });
  return lines.join('');
}

function settingTables(): string {
  const tables = Object.entries(settingGroups).map(([title, group]) => {
    const rows = Object.values<Setting>(group).map((row) => [nameAndDefault(row), aboutOf(row)]);
    return `\n## ${title}\n\n${markdownTable(['setting', 'meaning'], rows)}`;
  });
  return tables.join('');
}

/** Returns the default of a setting in production and in development; '' if there is none. */
function defaultsOf({ fallback = '' }: Setting) {
  return typeof fallback === 'string' ? { production: fallback, development: fallback } : fallback;
}

function nameAndDefault(setting: Setting): string {
  const { production } = defaultsOf(setting);
  return production ? `\`${setting.variable}=${production}\`` : `\`${setting.variable}\``;
}

/** Describes a setting. The document explains how limits differ in development. */
function aboutOf(setting: Setting): string {
  const { production, development } = defaultsOf(setting);
  const differs = production !== development && !setting.variable.startsWith('LIMIT_');
  return [
    setting.about,
    ...(setting.required && !production ? ['**Required in production.**'] : []),
    ...(differs ? [`In development \`${development}\`.`] : []),
  ].join(' ');
}

function errorTable(): string {
  const rows = Object.entries(errorCodes).map(([code, meaning]) => {
    const types = Object.values(problemTypes).filter((type) => type.code === code);
    return [`\`${code}\``, types.map(({ status }) => status).join(', ') || '–', meaning];
  });
  return markdownTable(['code', 'REST', 'meaning'], rows);
}

function eventTable(): string {
  const rows = Object.entries(auditEvents).map(([name, meaning]) => [`\`${name}\``, meaning]);
  return markdownTable(['event', 'meaning'], rows);
}

function mailTables(): string {
  const kinds = mailKinds.map((kind) => {
    const others = variablesOf(kind).filter((name) => !commonVariables.includes(name));
    const list = others.map((name) => `\`${name}\``).join(', ');
    return [`\`${fileNameOf(kind)}\``, mailReasons[kind], list];
  });
  const meanings = Object.entries(variables).map(([name, meaning]) => {
    return [`\`${name}\``, meaning, commonVariables.includes(name) ? 'all' : 'those that list it'];
  });
  return [
    markdownTable(['mail', 'sent because of', 'own variables'], kinds),
    markdownTable(['variable', 'meaning', 'mails'], meanings),
  ].join('\n');
}

function webhookTable(): string {
  const rows = Object.entries<WebhookType>(derivedTypes).map(([type, { about, data }]) => [
    `\`${type}\``,
    about,
    data,
  ]);
  const audit = [
    '`audit.<event>`',
    'Each [audit event](events.md), such as `audit.LOGIN_FAILED`.',
    '`id event email user_id ip_address user_agent metadata created_at`',
  ];
  return markdownTable(['type', 'sent when', '`data`'], [...rows, audit]);
}

function metricTables(): string {
  const tables = Object.entries(metricGroups).map(([title, group]) => {
    const rows = Object.values<Metric>(group).map(({ name, labels, type, from, help }) => [
      `\`${name}\``,
      `${type}, ${from === 'both' ? 'server, worker' : from}`,
      labels.map((label) => `\`${label}\``).join(', '),
      help,
    ]);
    const heading = ['metric', 'type, process', 'labels', 'meaning'];
    return `\n## ${title}\n\n${markdownTable(heading, rows)}`;
  });
  return tables.join('');
}

function operationTable(): string {
  const rows = Map.groupBy(routes, ({ field }) => field);
  return markdownTable(
    ['GraphQL', 'REST', 'status'],
    Array.from(rows, ([field, group]) => [
      `\`${field}\``,
      group.map(pathOf).join(' or '),
      `${group[0]?.status ?? 200}`,
    ]),
  );
}

const pathOf = ({ method, path }: Route): string => `\`${method} ${path}\``;
