import { html } from 'hono/html';
import type { MailOrder } from '../ports/mail-order.ts';
import { type Letter, letterOf } from './letter.ts';

/** A mail without its envelope. */
export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Renders a mail as text and HTML. Returns undefined if nothing is to be sent. */
export async function renderMail(order: MailOrder): Promise<RenderedMail | undefined> {
  if (order.about === 'NOTHING') return undefined;
  const letter = letterOf(order);
  return { subject: letter.subject, text: asText(letter), html: (await asHtml(letter)).toString() };
}

// The code comes first: people and devices take the first number that they see.
function asText({ opening, code, link, paragraphs, facts }: Letter): string {
  const blocks = [
    opening,
    ...(code ? [`    ${code}`] : []),
    ...paragraphs,
    ...(link ? [`${link.name}: ${link.url}`] : []),
    facts.map(([label, value]) => `${label}: ${value}`).join('\n'),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function asHtml({ subject, opening, code, link, paragraphs, facts }: Letter) {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <meta name="color-scheme" content="light dark">
    <meta name="supported-color-schemes" content="light dark">
    <style>
      :root { color-scheme: light dark }
      @media (prefers-color-scheme: dark) {
        body { background: #18181b !important; color: #f4f4f5 !important }
        .card { background: #27272a !important; color: #f4f4f5 !important }
        .facts { background: #27272a !important; color: #b4b4bb !important }
      }
    </style>
    <title>${subject}</title>
  </head>
  <body style="margin:0;padding:24px;background:#f4f4f5;color:#18181b;font:16px/1.5 sans-serif">
    <div class="card" style="max-width:480px;margin:0 auto;padding:24px;background:#fff;color:#18181b;border-radius:8px">
      <p style="margin:0 0 16px">${opening}</p>
      ${code && html`<p style="margin:0 0 16px;font:bold 32px/1.2 monospace;letter-spacing:4px">${code}</p>`}
      ${paragraphs.map((text) => html`<p style="margin:0 0 16px">${text}</p>`)}
      ${link && html`<p style="margin:0 0 16px"><a href="${link.url}" rel="noreferrer" style="display:inline-block;padding:8px 16px;border-radius:6px;background:#4f46e5;color:#fff">${link.name}</a></p>`}
      <p class="facts" style="margin:0;background:#fff;color:#52525b;font-size:14px">
        ${facts.map(([label, value]) => html`${label}: ${value}<br>`)}
      </p>
    </div>
  </body>
</html>
`;
}
