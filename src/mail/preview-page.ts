import { fileNameOf, mailKinds } from './mail-kinds.ts';
import { createMailRenderer, type MailBrand, type RenderedMail } from './mail-renderer.ts';
import { escapeHtml } from './mail-template.ts';
import type { MailTemplates } from './mail-templates.ts';
import { sampleOf } from './sample-mails.ts';

type PreviewBrand = MailBrand & { readonly otpTtl: number };

/** A file of the preview, by its path inside the folder. */
type PreviewFile = readonly [path: string, content: string];

/**
 * Renders an example of every mail in every language: for each its text and its HTML in light and
 * dark, and one page that shows them all.
 */
export function previewFiles(brand: PreviewBrand, templates: MailTemplates): PreviewFile[] {
  const render = createMailRenderer(brand, templates);
  const mails = templates.languages.flatMap((lang) =>
    mailKinds.flatMap((kind) => {
      const mail = render({ ...sampleOf(kind, brand), languages: [lang] });
      // A language that does not ship may lack some mails.
      return mail?.lang === lang ? [{ ...mail, name: fileNameOf(kind) }] : [];
    }),
  );
  const files = mails.flatMap(({ lang, name, text, html }): PreviewFile[] => [
    [`${lang}/${name}.txt`, text],
    [`${lang}/${name}.light.html`, inScheme(html, 'light')],
    [`${lang}/${name}.dark.html`, inScheme(html, 'dark')],
  ]);
  return [...files, ['index.html', indexPage(brand.appName, templates.languages, mails)]];
}

/** Shows a mail in one colour scheme, whichever the browser prefers. */
const inScheme = (html: string, scheme: 'light' | 'dark'): string =>
  html
    .replaceAll(/\(\s*prefers-color-scheme:\s*(\w+)\s*\)/g, (_match, wanted) =>
      wanted === scheme ? '(min-width: 0)' : '(max-width: 0)',
    )
    .replaceAll('content="light dark"', `content="${scheme}"`)
    .replaceAll('color-scheme: light dark', `color-scheme: ${scheme}`);

interface NamedMail extends RenderedMail {
  readonly name: string;
}

function indexPage(app: string, languages: readonly string[], mails: readonly NamedMail[]): string {
  const sections = languages.map((lang) => {
    const shown = mails.filter((mail) => mail.lang === lang);
    return `<section id="${lang}"><h2>${lang}</h2>${shown.map(mailArticle).join('')}</section>`;
  });
  const links = languages.map((lang) => `<a href="#${lang}">${lang}</a>`).join(' ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mails of ${escapeHtml(app)}</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { margin: 0 auto; padding: 24px; max-width: 1240px }
nav { position: sticky; top: 0; padding: 8px 0; background: Canvas; z-index: 1 }
nav a { margin-right: 12px }
.mails { display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); gap: 16px }
iframe { width: 100%; height: 640px; border: 1px solid GrayText; border-radius: 8px }
pre { white-space: pre-wrap; overflow-wrap: anywhere }
</style>
</head>
<body>
<h1>Mails of ${escapeHtml(app)}</h1>
<nav aria-label="Languages">${links}</nav>
${sections.join('\n')}
</body>
</html>
`;
}

function mailArticle({ lang, name, subject, text }: NamedMail): string {
  const frames = ['light', 'dark'].map(
    (scheme) =>
      `<iframe src="${lang}/${name}.${scheme}.html" title="${name}, ${lang}, ${scheme}" sandbox loading="lazy"></iframe>`,
  );
  return `<article><h3>${escapeHtml(subject)}</h3><p><code>${name}</code></p><div class="mails">${frames.join('')}</div><details><summary>Plain text</summary><pre>${escapeHtml(text)}</pre></details></article>`;
}
