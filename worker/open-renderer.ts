import { type Config, ConfigError } from '#src/config/load-config.ts';
import { createMailRenderer, type MailBrand, type RenderMail } from '#src/mail/mail-renderer.ts';
import { loadMailTemplates } from '#src/mail/mail-templates.ts';

/** Reads the templates of mails. @throws ConfigError with a line for each problem */
export function openRenderer(config: MailBrand & Pick<Config, 'mailTemplates'>): RenderMail {
  const { templates, problems } = loadMailTemplates(config.mailTemplates);
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  return createMailRenderer(config, templates);
}
