import { expect, it } from 'vitest';
import { SmtpMailer } from '#src/adapters/smtp.ts';
import { newAddress, useApp } from './support/app.ts';

const app = useApp();

it('aborts a mail and its connection after the time limit', async () => {
  const server = Promise.withResolvers<void>();
  app.mails.delay = () => server.promise;
  const mailer = new SmtpMailer(app.mails.url, {
    from: { name: '', address: 'gate@example.com' },
    log: app.runtime.log,
  });
  const address = newAddress();
  const mail = {
    messageId: '<1@x>',
    to: { name: '', address },
    subject: 's',
    text: 't',
    html: 'h',
  };
  await expect(mailer.send(mail, AbortSignal.timeout(200))).rejects.toThrow('aborted');
  server.resolve();
  const later = newAddress();
  await mailer.send({ ...mail, to: { name: '', address: later } }, AbortSignal.timeout(5000));
  await app.eventually(() => app.mails.received.some(({ to }) => to === later));

  expect(app.mails.received.filter(({ to }) => to === address)).toEqual([]);
  mailer.close();
});
