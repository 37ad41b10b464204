import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { ProblemError } from '../http/problem.ts';
import { createMailRenderer, type MailBrand } from '../mail/mail-renderer.ts';
import { loadMailTemplates } from '../mail/mail-templates.ts';
import { openMail } from '../outbox/claim.ts';
import { OutboxEntry } from '../outbox/outbox-entry.entity.ts';
import type { InboxMail } from '../pages/inbox-page.ts';
import type { Sealer } from '../ports/sealer.ts';

/** Maximum number of mails that are shown. */
const NEWEST = 50;

/**
 * Reads the newest sent mails from the encrypted outbox, newest first. Renders them with the
 * templates as they are now, so that a reload of the page shows a change.
 *
 * @throws ProblemError with a line for each problem of the templates: file, line, cure
 */
export async function readInbox(
  em: SqlEntityManager,
  sealer: Sealer,
  config: MailBrand & { readonly mailTemplates: string | undefined },
): Promise<InboxMail[]> {
  const { templates, problems } = loadMailTemplates(config.mailTemplates);
  if (problems.length > 0) throw new ProblemError('unavailable', problems.join('\n'));
  const render = createMailRenderer(config, templates);
  const entries = await em.find(
    OutboxEntry,
    { kind: 'mail', outcome: 'DELIVERED', payload: { $ne: null } },
    { orderBy: { id: 'desc' }, limit: NEWEST },
  );
  return entries.flatMap(({ id, payload, createdAt }): InboxMail[] => {
    const order = openMail(sealer, id, payload ?? '');
    const rendered = render(order);
    const code = 'code' in order ? order.code : null;
    return rendered
      ? [{ id, to: order.to, sentAt: createdAt.toISOString(), code, ...rendered }]
      : [];
  });
}
