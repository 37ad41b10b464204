import { z } from 'zod';
import type { SelectedField } from '../../ports/operation.ts';
import { integer } from './example.ts';

const uuid = (example: string) => z.string().meta({ format: 'uuid', examples: [example] });
const text = (...examples: string[]) => z.string().meta({ examples });
const token = (header: string) => text(`${header}.e30.c2lnbmF0dXJl`);
const name = (example: string) =>
  z
    .string()
    .nullable()
    .meta({ examples: [example] });

const noTime = z
  .string()
  .nullable()
  .meta({ format: 'date-time', examples: [null] });
const scalarTime = z.string().meta({ format: 'date-time', examples: ['2026-11-22T10:38:44.710Z'] });

/** Schemas of GraphQL scalars. */
const scalars: Readonly<Record<string, z.ZodType>> = {
  Boolean: z.boolean().meta({ examples: [true] }),
  DateTime: scalarTime,
  ID: z.string(),
  Int: z.int32(),
  JSON: z.record(z.string(), z.unknown()).meta({ examples: [{}] }),
  String: z.string(),
};

const row = z.record(z.string(), z.unknown());
const rows = z.array(row).meta({ examples: [[]] });
const dataExport = z.object({
  exported_at: scalarTime,
  complete: z.boolean().meta({ examples: [true] }),
  account: row.meta({ examples: [{ email: 'ada@example.com' }] }),
  sessions: rows,
  known_clients: rows,
  api_keys: rows,
  passkeys: rows,
  email_changes: rows,
  factors: rows,
  trusted_devices: rows,
  audit_events: rows,
});

/** Formats, ranges and examples, which GraphQL does not have, by type and field or by field. */
const fieldSchemas: Readonly<Record<string, z.ZodType>> = {
  'ApiKey.id': uuid('019aab2c-7b10-7a45-8d21-0c9e4f6a7b38'),
  'CreatedApiKey.id': uuid('019aab2c-7b10-7a45-8d21-0c9e4f6a7b38'),
  'CreatedApiKey.key': text(`gk_${'0'.repeat(57)}`),
  'AuditEvent.id': uuid('019aab2c-6a21-7c05-9f3e-52d80b6e41fa'),
  'AuditEventConnection.totalCount': integer(0, 23),
  'AuthPayload.accessToken': token('eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9'),
  'AuthPayload.refreshToken': token('eyJhbGciOiJIUzI1NiIsInR5cCI6InJ0K2p3dCJ9'),
  'AuthPayload.tokenType': z.literal('Bearer').meta({ examples: ['Bearer'] }),
  'AuthPayload.expiresIn': integer(1, 900),
  'Mutation.exportMyData': dataExport,
  'EventCount.count': integer(0, 12),
  'FailedOutboxEntry.attempts': integer(0, 3),
  'FailedOutboxEntry.id': uuid('019aab2c-7c02-7b11-9d40-3f5e6a7b8c90'),
  'FailedOutboxEntry.kind': text('mail'),
  'FailedOutboxEntry.lastError': text('EENVELOPE 550'),
  'FailedOutboxEntry.outcome': text('REFUSED'),
  'EnrolledFactor.recoveryCodes': text('k7qm-2xw9-b3fh-6tya-c4ne-5rpu'),
  'Factors.recoveryCodesLeft': integer(0, 10),
  'TotpEnrolment.expiresIn': integer(1, 600),
  'TotpEnrolment.qrCode': text('<svg xmlns="http://www.w3.org/2000/svg"/>'),
  'TotpEnrolment.secret': text('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'),
  'TotpEnrolment.uri': text(
    'otpauth://totp/Gatehouse:ada%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Gatehouse',
  ),
  'Lock.limit': text('LIMIT_WRONG_PASSWORDS'),
  'Lock.subject': text('203.0.113.7/32'),
  'Lock.unlockIn': integer(1, 840),
  'OutboxQueue.count': integer(0, 2),
  'OutboxQueue.kind': text('mail'),
  'OutboxQueue.oldest': integer(0, 4),
  'OtpChallenge.expiresIn': integer(1, 300),
  'OtpChallenge.challengeId': text('3127-0894-5561-2070-9438-1185-6602-7743-0319-8856'),
  'Passkey.credentialId': text('KEDetxZcUfinhVi6Za5nZQ'),
  'Passkey.id': uuid('019aab2c-5d0e-7f13-8a64-3c1b9d27e850'),
  'Passkey.name': text('My laptop'),
  'PasskeyList.rpId': text('auth.example.com'),
  'PasskeyList.userId': text('Q7ptLZ8aN3m1wYtVb0kXcA5sJfE9uGdHrOiKxPzTlW2'),
  'PasskeyOptions.expiresIn': integer(1, 300),
  'RegisteredPasskey.credentialId': text('KEDetxZcUfinhVi6Za5nZQ'),
  'RegisteredPasskey.id': uuid('019aab2c-5d0e-7f13-8a64-3c1b9d27e850'),
  'RegisteredPasskey.name': text('My laptop'),
  'RegisteredPasskey.recoveryCodes': text('k7qm-2xw9-b3fh-6tya-c4ne-5rpu'),
  'RevokedSessions.ids': uuid('019aab2c-5f41-7d86-9b02-e6714ac8d35f'),
  'SigningKey.alg': text('ES256'),
  'SigningKey.kid': text('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs'),
  'SigningKey.state': text('SIGNING'),
  'SigningKey.verifiesUntil': noTime,
  'StepUp.expiresIn': integer(1, 600),
  'TrustedDevice.id': uuid('019aab2c-9e40-7c18-b3d5-6f2a8e1c4b07'),
  'Session.id': uuid('019aab2c-5f41-7d86-9b02-e6714ac8d35f'),
  'ManagedUser.metadata': z.record(z.string(), z.unknown()).meta({ examples: [{ plan: 'team' }] }),
  'ManagedUser.hasFactor': z.boolean().meta({ examples: [false] }),
  'ManagedUser.id': uuid('019aab2c-5d0e-7f13-8a64-3c1b9d27e850'),
  'Webhook.id': uuid('019aab2c-8c20-7b56-9e32-1d0f5a7b8c49'),
  'WebhookWithSecret.id': uuid('019aab2c-8c20-7b56-9e32-1d0f5a7b8c49'),
  'WebhookWithSecret.secret': text(`whsec_${'A'.repeat(43)}=`),
  'WebhookDelivery.id': uuid('5f0c2f6e-9d31-4c67-8f43-2e1a6b8c9d50'),
  'WebhookDelivery.attempts': integer(0, 0),
  'UserCounts.auditEvents': integer(0, 23),
  'UserCounts.sessions': integer(0, 1),
  'User.email': z.string().meta({ format: 'email', examples: ['ada@example.com'] }),
  'User.id': uuid('019aab2c-5d0e-7f13-8a64-3c1b9d27e850'),
  disabledAt: noTime,
  createdBy: text('019aab2c-5d0e-7f13-8a64-3c1b9d27e850'),
  detail: text('OTP sent'),
  webhookId: uuid('019aab2c-8c20-7b56-9e32-1d0f5a7b8c49'),
  messageId: text('019aab2c-6a21-7c05-9f3e-52d80b6e41fa:user-created'),
  type: text('user.created'),
  url: text('https://example.com/webhooks'),
  description: text('crm'),
  events: text('user.created'),
  failingSince: noTime,
  attemptedAt: noTime,
  endedAt: noTime,
  lastError: name('HTTP 500'),
  email: text('ada@example.com'),
  event: text('LOGIN_SUCCEEDED'),
  firstName: name('Ada'),
  ipAddress: text('203.0.113.7'),
  lastName: name('Lovelace'),
  locale: name('pt-BR'),
  name: text('crm'),
  start: text('gk_00000000'),
  userAgent: text('Mozilla/5.0'),
};

/** Examples of enums. */
const enumExamples: Readonly<Record<string, string>> = {
  ApiKeyScope: 'READ',
  AuditEventName: 'OTP_VERIFIED',
  FactorName: 'TOTP',
  Role: 'USER',
  UserStatus: 'ACTIVE',
  WebhookDeliveryStatus: 'PENDING',
};

/** Schemas of objects, by the name of their component. */
const components = new Map<string, z.ZodObject>();

/** The member that REST adds to a success without a message. */
export const detail = z.string().meta({
  description: 'Human-readable message. Do not parse it.',
  examples: ['OTP verified successfully'],
});

/**
 * Makes the schema of a field from its selection and its GraphQL type.
 *
 * @param component name of the component of an object
 * @param members further members of the object
 */
export function answerSchema(
  field: SelectedField,
  component: string = field.type.name,
  members: z.ZodRawShape = {},
): z.ZodType {
  const { fields, isList, description } = field;
  const schema = fields.length > 0 ? objectSchema(field, component, members) : leafSchema(field);
  return isList ? z.array(schema).meta({ description }) : schema;
}

function objectSchema({ type, fields }: SelectedField, id: string, members: z.ZodRawShape) {
  const known = components.get(id);
  if (known) return known;
  const shape = Object.fromEntries(fields.map((each) => [each.name, answerSchema(each)]));
  const { description } = type;
  const schema = z.object({ ...shape, ...members }).meta({ id, description });
  components.set(id, schema);
  return schema;
}

function leafSchema({ path, type, isNullable, description }: SelectedField): z.ZodType {
  const [, name = ''] = path.split('.');
  const known = fieldSchemas[path] ?? fieldSchemas[name] ?? scalars[type.name];
  const schema = known ?? z.enum(type.values).meta({ examples: [enumExamples[type.name]] });
  const addNull = isNullable && !(schema instanceof z.ZodNullable);
  return (addNull ? schema.nullable() : schema).meta({ description });
}
