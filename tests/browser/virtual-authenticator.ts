import type { Page } from 'playwright-core';
import type { StoredCredential } from '../support/authenticator.ts';

/** A credential as Chromium's DevTools name it. Bytes are base64. */
export interface VirtualCredential {
  readonly credentialId: string;
  readonly isResidentCredential: boolean;
  readonly rpId?: string;
  /** PKCS #8. */
  readonly privateKey: string;
  readonly userHandle?: string;
  readonly signCount: number;
}

/** An authenticator of the browser that verifies the user without asking. */
export interface VirtualAuthenticator {
  credentials(): Promise<readonly VirtualCredential[]>;
  /** Makes the user answer prompts, or leave them. */
  setPresence(isPresent: boolean): Promise<void>;
  /** Puts a credential on the device. One with the same id is replaced. */
  store(credential: VirtualCredential): Promise<void>;
  /** Takes a credential from the device. Returns it with its present counter. */
  discard(credentialId: string): Promise<VirtualCredential>;
}

/** Returns a credential of a software authenticator, for a device that does not sync. */
export const deviceCredential = (credential: StoredCredential): VirtualCredential => {
  const toBase64 = (text: string) => Buffer.from(text, 'base64url').toString('base64');
  const { id, rpId, userHandle, privateKey, signCount } = credential;
  return {
    credentialId: toBase64(id),
    isResidentCredential: true,
    rpId,
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    userHandle: toBase64(userHandle),
    signCount,
  };
};

const options = {
  protocol: 'ctap2',
  ctap2Version: 'ctap2_1',
  transport: 'internal',
  hasResidentKey: true,
  hasUserVerification: true,
  isUserVerified: true,
  automaticPresenceSimulation: true,
} as const;

/** Gives a page an authenticator, through the DevTools of Chromium. */
export async function addAuthenticator(page: Page): Promise<VirtualAuthenticator> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable', { enableUI: false });
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', { options });
  const credentials = async () =>
    (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials;
  const discard = async (credentialId: string) => {
    const found = (await credentials()).find((each) => each.credentialId === credentialId);
    if (!found) throw new Error('The authenticator has no such credential.');
    await session.send('WebAuthn.removeCredential', { authenticatorId, credentialId });
    return found;
  };
  return {
    credentials,
    discard,
    async setPresence(enabled) {
      await session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });
    },
    async store(credential) {
      const { credentialId } = credential;
      const isStored = (await credentials()).some((each) => each.credentialId === credentialId);
      if (isStored) await discard(credentialId);
      await session.send('WebAuthn.addCredential', { authenticatorId, credential });
    },
  };
}
