import { changeEmail } from '../../own-account/change-email.ts';
import { confirmEmailChange } from '../../own-account/confirm-email-change.ts';
import { deleteMyAccount } from '../../own-account/delete-my-account.ts';
import { exportMyData } from '../../own-account/export-my-data.ts';
import {
  changeEmailInput,
  confirmEmailChangeInput,
  stepUpInput,
  undoEmailChangeInput,
} from '../../own-account/own-account-inputs.ts';
import { requestStepUp } from '../../own-account/request-step-up.ts';
import { type StepUp, stepUp } from '../../own-account/step-up.ts';
import { undoEmailChange } from '../../own-account/undo-email-change.ts';
import { builder, enrolling } from '../builder.ts';
import { currentViewer } from '../graphql-context.ts';
import { inputArg } from '../input-type.ts';
import { Acknowledgement, OtpChallengeType } from './types.ts';

const StepUpType = builder.objectRef<StepUp>('StepUp').implement({
  description: 'A confirmed identity.',
  fields: (t) => ({
    detail: t.exposeString('detail', { description: 'Human-readable message. Do not parse it.' }),
    expiresIn: t.exposeInt('expiresIn', {
      description: 'Seconds for which this session may run operations that require a step-up.',
    }),
  }),
});

builder.mutationFields((t) => ({
  requestStepUp: t.field({
    ...enrolling,
    description:
      'Mails the signed-in account a code for `stepUp`. Only this session can redeem it. An account with a second factor gets `STEP_UP_REQUIRED` instead. Requires an access token.',
    type: OtpChallengeType,
    limit: 'codeRequests',
    resolve: async (_root, _args, ctx) => requestStepUp(ctx, await currentViewer(ctx)),
  }),
  stepUp: t.field({
    ...enrolling,
    description:
      'Confirms the identity with the password or a code of `requestStepUp`; for an account with a second factor, only with a factor. For 10 minutes, this session may then run the operations that return `STEP_UP_REQUIRED` without it. Requires an access token.',
    type: StepUpType,
    limit: 'stepUps',
    comparesSecret: true,
    args: inputArg(t, stepUpInput),
    resolve: async (_root, { input }, ctx) => stepUp(ctx, await currentViewer(ctx), input),
  }),
  changeEmail: t.field({
    description:
      'Mails a code to a new e-mail address, and a notice with an undo link to the current one. The response does not reveal whether the new address is taken: its owner gets a notice instead of the code. Requires an access token and a step-up.',
    type: OtpChallengeType,
    limit: 'codeRequests',
    args: inputArg(t, changeEmailInput),
    resolve: async (_root, { input }, ctx) => changeEmail(ctx, await currentViewer(ctx), input),
  }),
  confirmEmailChange: t.field({
    description:
      'Changes the e-mail address with the code of the newest `changeEmail` of this session. The old address gets a notice, and nobody else can use it for 7 days. A change back within this time cannot be undone. Requires an access token.',
    type: Acknowledgement,
    limit: 'confirmations',
    comparesSecret: true,
    args: inputArg(t, confirmEmailChangeInput),
    resolve: async (_root, { input }, ctx) =>
      confirmEmailChange(ctx, await currentViewer(ctx), input),
  }),
  undoEmailChange: t.field({
    description:
      'Restores the e-mail address with the secret that was mailed to it, within 7 days. Ends all sessions, removes the password, the API keys and recent second factors, and cancels later changes. Needs no access token.',
    type: Acknowledgement,
    skipTypeScopes: true,
    limit: 'undos',
    args: inputArg(t, undoEmailChangeInput),
    resolve: (_root, { input }, ctx) => undoEmailChange(ctx, input),
  }),
  exportMyData: t.field({
    description:
      'Returns everything that is stored about the signed-in account, except secrets: the account, its sessions, known clients, passkeys, changes of the address, second factors, API keys and audit events. At most 10,000 sessions and events, the newest. Requires an access token and a step-up.',
    type: 'JSON',
    limit: 'exports',
    resolve: async (_root, _args, ctx) => exportMyData(ctx, await currentViewer(ctx)),
  }),
  deleteMyAccount: t.field({
    description:
      'Deletes the signed-in account with its sessions and personal data. Its audit events stay under a pseudonym. The last `ADMIN` cannot be deleted, nor an account whose address changed in the last 7 days. Requires an access token and a step-up.',
    type: Acknowledgement,
    // Checks no secret, and succeeds once per account.
    limit: 'none',
    resolve: async (_root, _args, ctx) => deleteMyAccount(ctx, await currentViewer(ctx)),
  }),
}));
