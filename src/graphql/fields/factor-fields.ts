import { confirmTotp, type EnrolledFactor } from '../../enrolment/confirm-totp.ts';
import { enrollTotp, type TotpEnrolment } from '../../enrolment/enroll-totp.ts';
import { confirmTotpInput, undoFactorChangeInput } from '../../enrolment/enrolment-inputs.ts';
import { listFactors, type OwnFactors } from '../../enrolment/list-factors.ts';
import { removeTotp } from '../../enrolment/remove-totp.ts';
import { renewRecoveryCodes } from '../../enrolment/renew-recovery-codes.ts';
import { undoFactorChange } from '../../enrolment/undo-factor-change.ts';
import type { FactorName } from '../../errors/auth-error.ts';
import { verifyFactorInput } from '../../factors/factor-inputs.ts';
import { verifyFactor } from '../../sessions/verify-factor.ts';
import { builder, enrolling } from '../builder.ts';
import { signInWithCookie, trustWithCookie } from '../cookie-sessions.ts';
import { currentViewer, viewerOf } from '../graphql-context.ts';
import { inputArg } from '../input-type.ts';
import { AuthPayloadType } from './session-fields.ts';
import { Acknowledgement, valuesOf } from './types.ts';

const FactorNameType = builder.enumType('FactorName', {
  description: 'Kinds of second factors.',
  values: valuesOf<FactorName>({
    PASSKEY: 'A passkey (WebAuthn).',
    TOTP: 'A code of an authenticator app (RFC 6238).',
    RECOVERY_CODE: 'A recovery code, which stands in for a lost factor once.',
  }),
});

const FactorsType = builder.objectRef<OwnFactors>('Factors').implement({
  description: 'The second factors of the signed-in account.',
  fields: (t) => ({
    kinds: t.expose('kinds', {
      type: [FactorNameType],
      description: 'The kinds of factors that complete a sign-in. Empty: none is needed.',
    }),
    recoveryCodesLeft: t.exposeInt('recoveryCodesLeft', {
      description: 'Number of recovery codes that were not used.',
    }),
  }),
});

const TotpEnrolmentType = builder.objectRef<TotpEnrolment>('TotpEnrolment').implement({
  description: 'A new authenticator app, which `confirmTotp` activates.',
  fields: (t) => ({
    secret: t.exposeString('secret', {
      description: 'The secret in base32, to type into the app. It is shown only once.',
    }),
    uri: t.exposeString('uri', { description: 'The `otpauth://` URI of the QR code.' }),
    qrCode: t.exposeString('qrCode', { description: 'The URI as a QR code: an SVG.' }),
    expiresIn: t.exposeInt('expiresIn', {
      description: 'Seconds within which `confirmTotp` has to follow.',
    }),
  }),
});

const EnrolledFactorType = builder.objectRef<EnrolledFactor>('EnrolledFactor').implement({
  description: 'An enrolled factor, or new recovery codes.',
  fields: (t) => ({
    detail: t.exposeString('detail', { description: 'Human-readable message. Do not parse it.' }),
    recoveryCodes: t.exposeStringList('recoveryCodes', {
      description:
        'Ten recovery codes, if this was the first factor or they were renewed. They are shown only once.',
    }),
  }),
});

builder.queryField('factors', (t) =>
  t.field({
    ...enrolling,
    description: 'The second factors of the signed-in account.',
    type: FactorsType,
    nullable: true,
    resolve: async (_root, _args, ctx) => listFactors(ctx, (await viewerOf(ctx)).user.id),
  }),
);

builder.mutationFields((t) => ({
  verifyFactor: t.field({
    description:
      'Completes a sign-in after `MFA_REQUIRED` with the proof of a second factor, and opens a session. Cookie mode works as in `verifyOtp`; there, `trustDevice` makes this browser a trusted device.',
    type: AuthPayloadType,
    skipTypeScopes: true,
    limit: 'factorProofs',
    comparesSecret: true,
    args: inputArg(t, verifyFactorInput),
    resolve: (_root, { input }, ctx) =>
      signInWithCookie(ctx, () =>
        trustWithCookie(ctx, () => verifyFactor(ctx, input, ctx.deviceCookie)),
      ),
  }),
  enrollTotp: t.field({
    ...enrolling,
    description:
      'Creates the secret of an authenticator app. Nothing changes until `confirmTotp` in the same session. Requires an access token and a step-up.',
    type: TotpEnrolmentType,
    limit: 'factorChanges',
    resolve: async (_root, _args, ctx) => enrollTotp(ctx, await currentViewer(ctx)),
  }),
  confirmTotp: t.field({
    ...enrolling,
    description:
      'Activates the authenticator app of `enrollTotp` with its first code. It replaces an earlier one. A first factor ends all other sessions, and returns recovery codes; the owner gets a mail that undoes it within 7 days. Requires an access token and a step-up.',
    type: EnrolledFactorType,
    limit: 'factorChanges',
    args: inputArg(t, confirmTotpInput),
    resolve: async (_root, { input }, ctx) => confirmTotp(ctx, await currentViewer(ctx), input),
  }),
  removeTotp: t.field({
    description:
      'Removes the authenticator app. If it was the last factor, also removes the recovery codes. Requires an access token and a step-up.',
    type: Acknowledgement,
    limit: 'factorChanges',
    resolve: async (_root, _args, ctx) => removeTotp(ctx, await currentViewer(ctx)),
  }),
  renewRecoveryCodes: t.field({
    description:
      'Replaces all recovery codes by ten new ones. Requires an access token and a step-up.',
    type: EnrolledFactorType,
    limit: 'factorChanges',
    resolve: async (_root, _args, ctx) => renewRecoveryCodes(ctx, await currentViewer(ctx)),
  }),
  undoFactorChange: t.field({
    description:
      'Undoes the enrolment of a first factor within 7 days, with the secret that was mailed to the owner: removes all factors, the password and the API keys, and ends all sessions. With the secret of a reset, cancels the reset. Needs no access token.',
    type: Acknowledgement,
    skipTypeScopes: true,
    limit: 'undos',
    args: inputArg(t, undoFactorChangeInput),
    resolve: (_root, { input }, ctx) => undoFactorChange(ctx, input),
  }),
}));
