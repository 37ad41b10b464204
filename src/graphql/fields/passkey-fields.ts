import { listPasskeys, type PasskeyList } from '../../passkeys/list-passkeys.ts';
import {
  passkeyFactorOptionsInput,
  registerPasskeyInput,
  removePasskeyInput,
  renamePasskeyInput,
  signInWithPasskeyInput,
} from '../../passkeys/passkey-inputs.ts';
import {
  passkeyFactorOptions,
  passkeyStepUpOptions,
} from '../../passkeys/passkey-proof-options.ts';
import {
  type PasskeyOptions,
  passkeyRegistrationOptions,
} from '../../passkeys/passkey-registration-options.ts';
import { passkeySignInOptions } from '../../passkeys/passkey-sign-in-options.ts';
import type { ListedPasskey } from '../../passkeys/passkey-statements.ts';
import { type RegisteredPasskey, registerPasskey } from '../../passkeys/register-passkey.ts';
import { removePasskey } from '../../passkeys/remove-passkey.ts';
import { renamePasskey } from '../../passkeys/rename-passkey.ts';
import { signInWithPasskey } from '../../passkeys/sign-in-with-passkey.ts';
import { builder, enrolling } from '../builder.ts';
import { signInWithCookie } from '../cookie-sessions.ts';
import { currentViewer, viewerOf } from '../graphql-context.ts';
import { inputArg } from '../input-type.ts';
import { AuthPayloadType } from './session-fields.ts';

type Types = typeof builder.$inferSchemaTypes;

/** Makes the fields of a passkey. */
const fieldsOf = (t: PothosSchemaTypes.ObjectFieldBuilder<Types, ListedPasskey>) => ({
  id: t.exposeID('id', { description: 'Identifies the passkey here.' }),
  credentialId: t.exposeString('credentialId', {
    description: 'Credential ID of the authenticator: base64url.',
  }),
  name: t.exposeString('name', { description: 'Name, as the owner chose it.' }),
  createdAt: t.expose('createdAt', { type: 'DateTime', description: 'Time of creation.' }),
  lastUsedAt: t.expose('lastUsedAt', {
    type: 'DateTime',
    nullable: true,
    description: 'Time of the last use.',
  }),
  backedUp: t.exposeBoolean('backedUp', {
    description: 'Whether the passkey was synced to other devices when it was last used.',
  }),
});

const PasskeyType = builder.objectRef<ListedPasskey>('Passkey').implement({
  description: 'A passkey (WebAuthn) of an account.',
  fields: (t) => fieldsOf(t),
});

const RegisteredPasskeyType = builder.objectRef<RegisteredPasskey>('RegisteredPasskey').implement({
  description: 'A new passkey.',
  fields: (t) => ({
    ...fieldsOf(t as never),
    recoveryCodes: t.exposeStringList('recoveryCodes', {
      description:
        'Ten recovery codes, if this is the first factor of the account. They are shown only once.',
    }),
  }),
});

const PasskeyListType = builder.objectRef<PasskeyList>('PasskeyList').implement({
  description:
    'The passkeys of an account, and what `PublicKeyCredential.signalAllAcceptedCredentials` needs.',
  fields: (t) => ({
    rpId: t.exposeString('rpId', { description: 'Domain that the passkeys belong to.' }),
    userId: t.exposeString('userId', {
      nullable: true,
      description: 'User handle of the account: base64url. Null before the first passkey.',
    }),
    passkeys: t.expose('passkeys', { type: [PasskeyType], description: 'The newest first.' }),
  }),
});

const PasskeyOptionsType = builder.objectRef<PasskeyOptions>('PasskeyOptions').implement({
  description: 'Options for a WebAuthn ceremony in the browser.',
  fields: (t) => ({
    options: t.expose('options', {
      type: 'JSON',
      description:
        'Pass them to `PublicKeyCredential.parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON`.',
    }),
    expiresIn: t.exposeInt('expiresIn', { description: 'Lifetime of the challenge in seconds.' }),
  }),
});

builder.queryField('passkeys', (t) =>
  t.field({
    ...enrolling,
    description: 'The passkeys of the signed-in account.',
    type: PasskeyListType,
    nullable: true,
    resolve: async (_root, _args, ctx) => listPasskeys(ctx, (await viewerOf(ctx)).user.id),
  }),
);

builder.mutationFields((t) => ({
  passkeySignInOptions: t.field({
    description:
      'Returns options for `navigator.credentials.get()`, also for autofill. They need no address, list no credentials and are the same for everyone.',
    type: PasskeyOptionsType,
    skipTypeScopes: true,
    limit: 'passkeyOptions',
    resolve: (_root, _args, ctx) => passkeySignInOptions(ctx),
  }),
  signInWithPasskey: t.field({
    description:
      'Opens a session with a passkey. `NOT_FOUND` means that no account has it: call `PublicKeyCredential.signalUnknownCredential` then, and only then. With the header `Gatehouse-Session: cookie`, a cookie keeps the refresh token.',
    type: AuthPayloadType,
    skipTypeScopes: true,
    limit: 'passkeySignIns',
    args: inputArg(t, signInWithPasskeyInput),
    resolve: (_root, { input }, ctx) =>
      signInWithCookie(ctx, () => signInWithPasskey(ctx, input, ctx.deviceCookie)),
  }),
  passkeyFactorOptions: t.field({
    description:
      'Returns options for `navigator.credentials.get()`, for the passkey that `verifyFactor` needs after `MFA_REQUIRED`. They list no credentials.',
    type: PasskeyOptionsType,
    skipTypeScopes: true,
    limit: 'passkeyOptions',
    args: inputArg(t, passkeyFactorOptionsInput),
    resolve: (_root, { input }, ctx) => passkeyFactorOptions(ctx, input),
  }),
  passkeyStepUpOptions: t.field({
    description:
      'Returns options for `navigator.credentials.get()`, for a `stepUp` with one of the passkeys of the account. Requires an access token.',
    type: PasskeyOptionsType,
    limit: 'passkeyOptions',
    resolve: async (_root, _args, ctx) => passkeyStepUpOptions(ctx, await currentViewer(ctx)),
  }),
  passkeyRegistrationOptions: t.field({
    ...enrolling,
    description:
      'Returns options for `navigator.credentials.create()`. Requires an access token, and a sign-in or step-up in the last 10 minutes; once the account has a second factor, the sign-in must have been with one.',
    type: PasskeyOptionsType,
    limit: 'passkeyChanges',
    resolve: async (_root, _args, ctx) => passkeyRegistrationOptions(ctx, await currentViewer(ctx)),
  }),
  registerPasskey: t.field({
    ...enrolling,
    description:
      'Adds a passkey, with options that this session got from `passkeyRegistrationOptions`. From then on, a mailed code alone is not enough to sign in. A first factor ends all other sessions, and returns recovery codes; the owner gets a mail that undoes it within 7 days. Requires an access token.',
    type: RegisteredPasskeyType,
    limit: 'passkeyChanges',
    args: inputArg(t, registerPasskeyInput),
    resolve: async (_root, { input }, ctx) => registerPasskey(ctx, await currentViewer(ctx), input),
  }),
  renamePasskey: t.field({
    description: 'Renames a passkey of the signed-in account. Requires an access token.',
    type: PasskeyType,
    limit: 'passkeyChanges',
    args: inputArg(t, renamePasskeyInput),
    resolve: async (_root, { input }, ctx) => renamePasskey(ctx, await currentViewer(ctx), input),
  }),
  removePasskey: t.field({
    description:
      'Removes a passkey of the signed-in account, and returns those that are left. If it was the last factor, also removes the recovery codes. The owner gets a notice. Requires an access token, and a sign-in or step-up like `passkeyRegistrationOptions`.',
    type: PasskeyListType,
    limit: 'passkeyChanges',
    args: inputArg(t, removePasskeyInput),
    resolve: async (_root, { input }, ctx) => removePasskey(ctx, await currentViewer(ctx), input),
  }),
}));
