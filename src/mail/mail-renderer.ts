import type { MailOrder } from '../ports/mail-order.ts';
import { deviceOf } from './device.ts';
import { createFormats, type Formats } from './local-formats.ts';
import { mailKinds, type SentOrder } from './mail-kinds.ts';
import type { MailTemplates } from './mail-templates.ts';
import { readableOn } from './readable-colour.ts';
import { textsOf } from './shipped-texts.ts';

/** A mail without its envelope. */
export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly lang: string;
}

type CodeOrder = Extract<MailOrder, { code: string }>;

/** Settings that mails show. */
export interface MailBrand {
  readonly appName: string;
  readonly publicUrl: string;
  readonly mailLogoUrl?: string | undefined;
  readonly mailAccent: string;
}

/**
 * Renders a mail as text and HTML. Returns undefined if nothing is to be sent.
 * Every attempt renders the same mail.
 * @throws if this version does not know its kind
 */
export type RenderMail = (order: MailOrder) => RenderedMail | undefined;

export function createMailRenderer(brand: MailBrand, templates: MailTemplates): RenderMail {
  const host = new URL(brand.publicUrl).hostname;
  const shared = { ...brandValues(brand), host };
  const formatsOf = createFormats();
  return (order) => {
    if (order.about === 'NOTHING') return undefined;
    if (!mailKinds.includes(order.about)) {
      throw new Error(
        `Unknown kind of mail: ${order.about}. A newer release created it; upgrade the worker.`,
      );
    }
    const template = templates.find(order.about, order.languages ?? []);
    const { lang } = template;
    const values = { ...valuesOf(order, lang, formatsOf), ...shared };
    const text = template.txt(values);
    return {
      lang,
      subject: template.subject(values),
      text: 'code' in order ? withLastLine(text, `@${host} #${order.code}`) : text,
      html: template.html(values),
    };
  };
}

const brandValues = ({ appName, mailLogoUrl, mailAccent }: MailBrand) => ({
  app: appName,
  logo: mailLogoUrl ?? '',
  accent: mailAccent,
  onAccent: readableOn(mailAccent),
});

function valuesOf(order: SentOrder, lang: string, formatsOf: ReturnType<typeof createFormats>) {
  const { at, ip, userAgent } = order.asked;
  const texts = textsOf(lang);
  const formats = formatsOf(texts?.dates ?? lang);
  return {
    email: order.to,
    when: formats.time(at),
    ip,
    device: deviceOf(userAgent, texts),
    ...('code' in order && codeValues(order, formats)),
    ...('newEmail' in order && { newEmail: order.newEmail }),
    ...('undoUrl' in order && { undoUrl: order.undoUrl }),
    ...('dueAt' in order && { dueAt: formats.time(order.dueAt) }),
  };
}

function codeValues({ code, expiresAt, asked }: CodeOrder, formats: Formats) {
  const seconds = (expiresAt.getTime() - asked.at.getTime()) / 1000;
  return { code, expiresIn: formats.duration(seconds), expiresAt: formats.time(expiresAt) };
}

const withLastLine = (text: string, line: string) =>
  `${text.trimEnd()}${text.trimEnd().endsWith(line) ? '' : `\n\n${line}`}\n`;
