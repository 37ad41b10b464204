import { readFileSync } from 'node:fs';
import { carriesCode, carriesNewEmail, carriesUndo, type MailKind } from './mail-kinds.ts';
import { escapeHtml } from './mail-template.ts';
import type { MailTexts } from './mail-texts.ts';

/** Parts of a mail. Each is a template, in a file with this extension. */
export const parts = ['subject', 'txt', 'html'] as const;
export type Part = (typeof parts)[number];

/** Placeholders that only a layout may contain. */
export const slots = ['lang', 'subject', 'preheader', 'content', 'footer'] as const;

export const shippedLayout = readFileSync(new URL('layout.mustache', import.meta.url), 'utf8');

type Fact = readonly [label: string, value: string];

const factsOf = (kind: MailKind, texts: MailTexts): readonly Fact[] => [
  ...(carriesNewEmail(kind) ? [[texts.newEmail, '{{newEmail}}'] as const] : []),
  [texts.when, '{{when}}'],
  [texts.ip, '{{ip}}'],
  [texts.device, '{{device}}'],
];

/** Returns the templates of a kind of mail in a shipped language. */
export function shippedTemplates(kind: MailKind, texts: MailTexts, lang: string, layout: string) {
  const { subject, title, body, ...own } = texts.mails[kind];
  const { beforeUndo = texts.beforeUndo, undo = texts.undo } = own;
  const hasCode = carriesCode(kind);
  const hasUndo = carriesUndo(kind);
  const after = [...(hasCode ? texts.afterCode : []), ...(hasUndo ? [beforeUndo] : [])];
  const facts = factsOf(kind, texts);
  const text = [
    title,
    ...body,
    // Alone on its line, and the first number of the mail: people and devices look for it.
    ...(hasCode ? ['    {{code}}'] : []),
    ...after,
    ...(hasUndo ? [`${undo}:\n{{undoUrl}}`] : []),
    facts.map(([label, value]) => `${label}: ${value}`).join('\n'),
    texts.footer,
  ];
  const content = [
    `<h1 style="margin:0 0 12px;font-size:22px;line-height:28px;font-weight:700">${escapeHtml(title)}</h1>`,
    ...body.map(paragraph),
    ...(hasCode ? [codeBox] : []),
    ...after.map(paragraph),
    ...(hasUndo ? [button(undo)] : []),
    factTable(facts),
  ];
  const preheader = hasCode ? texts.afterCode.slice(0, 2).join(' ') : (body[0] ?? '');
  const filled: Readonly<Record<(typeof slots)[number], string>> = {
    lang,
    subject: escapeHtml(subject),
    preheader: escapeHtml(preheader),
    content: content.join('\n'),
    footer: `${escapeHtml(texts.footer)}${hasCode ? boundLine : ''}`,
  };
  const html = fillSlots(layout, filled);
  return { subject, txt: `${text.join('\n\n')}\n`, html } satisfies Record<Part, string>;
}

const fillSlots = (layout: string, filled: Readonly<Record<string, string>>): string =>
  layout.replaceAll(/{{\s*(\w+)\s*}}/g, (tag, name) => filled[name] ?? tag);

const paragraph = (text: string) => `<p style="margin:0 0 16px">${escapeHtml(text)}</p>`;

const table = (cells: string, style: string) =>
  `<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="${style}"><tr>${cells}</tr></table>`;

const codeBox = table(
  '<td class="code" bgcolor="#f4f4f5" style="padding:14px 20px;border-radius:10px;background-color:#f4f4f5;color:#18181b;font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:34px;line-height:40px;font-weight:700;letter-spacing:6px">{{code}}</td>',
  'margin:4px 0 20px',
);

const button = (label: string) =>
  table(
    `<td bgcolor="{{accent}}" style="border-radius:8px;background-color:{{accent}};color:{{onAccent}}"><a href="{{undoUrl}}" rel="noreferrer" style="display:inline-block;padding:12px 20px;border-radius:8px;background-color:{{accent}};color:{{onAccent}};font-weight:600;text-decoration:none">${escapeHtml(label)}</a></td>`,
    'margin:4px 0 20px',
  );

const factTable = (facts: readonly Fact[]) => {
  const rows = facts.map(
    ([label, value]) =>
      `<tr><td class="quiet" style="padding:2px 16px 2px 0;background-color:#ffffff;color:#52525b;vertical-align:top;white-space:nowrap">${escapeHtml(label)}</td><td class="quiet" style="padding:2px 0;background-color:#ffffff;color:#52525b;overflow-wrap:anywhere">${value}</td></tr>`,
  );
  return `<table role="presentation" class="rule" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:20px 0 0;border-top:1px solid #e4e4e7;font-size:14px;line-height:20px"><tr><td style="height:14px;line-height:14px;font-size:0" colspan="2">&nbsp;</td></tr>${rows.join('')}</table>`;
};

/**
 * Last line of a mail with a code. Binds the code to the domain of the API, so that devices fill it
 * in only there (https://wicg.github.io/sms-one-time-codes/).
 */
const boundLine = '<br><span>@{{host}} #{{code}}</span>';
