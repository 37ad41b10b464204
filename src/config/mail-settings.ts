import { mailbox } from './address-shapes.ts';
import { authority, setting } from './setting.ts';
import * as shapes from './setting-shapes.ts';
import { smtpUrl } from './url-shapes.ts';

/** Settings of the mail server and of the content of mails. */
export const mails = {
  smtpUrl: setting('SMTP_URL', smtpUrl, {
    about:
      'Mail server. With a user, TLS is required unless `?tls=off` is set; `?tls=required` always requires it. If unset in development, the worker prints mails to standard output.',
    required: 'production',
  }),
  smtpCa: authority('SMTP_CA', 'the mail server'),
  mailFrom: setting('MAIL_FROM', mailbox, {
    about: 'Sender of every mail.',
    fallback: { development: 'Gatehouse <gatehouse@localhost>', production: '' },
    required: true,
  }),
  appName: setting('APP_NAME', shapes.displayName, {
    about: 'Name of your application in mails. Default: the host of `PUBLIC_URL`.',
  }),
  mailLogoUrl: setting('MAIL_LOGO_URL', shapes.image, {
    about:
      'Image at the top of mails, shown 32 pixels high. Mails load nothing else. Unset: `APP_NAME` as text.',
  }),
  mailAccent: setting('MAIL_ACCENT', shapes.colour, {
    about: 'Colour of buttons and of the name in mails.',
    fallback: '#4f46e5',
  }),
  mailTemplates: setting('MAIL_TEMPLATES', shapes.folder, {
    about:
      'Folder with [your own templates](../guide/mail.md#change-the-texts), for the worker. Unset: the shipped templates.',
  }),
};
