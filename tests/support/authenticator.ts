import {
  createHash,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign as signWith,
} from 'node:crypto';
import { encodeCbor } from './cbor.ts';

/** JSON of options, as far as an authenticator reads it. */
export interface CeremonyOptions {
  readonly challenge: string;
  readonly rpId?: string;
  readonly rp?: { readonly id: string };
  readonly user?: { readonly id: string };
  readonly excludeCredentials?: readonly { readonly id: string }[];
}

/** A credential that an authenticator keeps. */
export interface StoredCredential {
  readonly id: string;
  readonly rpId: string;
  readonly userHandle: string;
  readonly privateKey: KeyObject;
  signCount: number;
}

/** Deviations from an honest browser and authenticator. */
export interface Deviations {
  readonly origin?: string;
  readonly type?: string;
  readonly challenge?: string;
  readonly rpId?: string;
  readonly clientData?: Readonly<Record<string, unknown>>;
  /** Whether the user was not verified, or not even present. */
  readonly isUnverified?: boolean;
  readonly isAbsent?: boolean;
  readonly signCount?: number;
  readonly backupEligible?: boolean;
  /** Whether it was synced, whatever it may be. */
  readonly backedUp?: boolean;
  /** Names another algorithm (COSE) for its key. */
  readonly algorithm?: number;
  readonly userHandle?: string | null;
  /** Signs with another key. */
  readonly privateKey?: KeyObject;
}

const PRESENT = 0x01;
const VERIFIED = 0x04;
const BACKUP_ELIGIBLE = 0x08;
const BACKED_UP = 0x10;
const ATTESTED = 0x40;

const encode = (bytes: Buffer) => bytes.toString('base64url');
const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest();

export type CredentialJson = Record<string, unknown> & { readonly id: string };

/** A software authenticator with its browser: discoverable ES256 credentials, no attestation. */
export class Authenticator {
  readonly credentials: StoredCredential[] = [];
  readonly origin: string;
  readonly aaguid: string;
  /** Whether it syncs its credentials. */
  readonly isSynced: boolean;
  /** Whether it counts signatures. Authenticators that sync do not. */
  readonly counts: boolean;

  constructor(
    origin: string,
    given: { readonly aaguid?: string; readonly isSynced?: boolean } = {},
  ) {
    const { aaguid = '00000000-0000-0000-0000-000000000000', isSynced = true } = given;
    this.origin = origin;
    this.aaguid = aaguid;
    this.isSynced = isSynced;
    this.counts = !isSynced;
  }

  /** `navigator.credentials.create()`. */
  create(options: CeremonyOptions, deviations: Deviations = {}): CredentialJson {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const id = randomBytes(32);
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    const cose = encodeCbor(
      new Map<number, number | Buffer>([
        [1, 2],
        [3, deviations.algorithm ?? -7],
        [-1, 1],
        [-2, Buffer.from(x, 'base64url')],
        [-3, Buffer.from(y, 'base64url')],
      ]),
    );
    const length = Buffer.alloc(2);
    length.writeUInt16BE(id.length);
    const aaguid = Buffer.from(this.aaguid.replaceAll('-', ''), 'hex');
    const attested = Buffer.concat([aaguid, length, id, cose]);
    const rpId = deviations.rpId ?? options.rp?.id ?? '';
    const signCount = deviations.signCount ?? (this.counts ? 1 : 0);
    const authData = this.#authenticatorData(rpId, signCount, deviations, attested);
    const attestation = new Map<string, string | Buffer | Map<string, never>>([
      ['fmt', 'none'],
      ['attStmt', new Map<string, never>()],
      ['authData', authData],
    ]);
    const userHandle = options.user?.id ?? '';
    this.credentials.push({ id: encode(id), rpId, userHandle, privateKey, signCount });
    const clientDataJSON = encode(this.#clientData('webauthn.create', options, deviations));
    return credentialOf(encode(id), {
      clientDataJSON,
      attestationObject: encode(encodeCbor(attestation)),
      transports: ['internal', 'hybrid'],
    });
  }

  /** `navigator.credentials.get()`. @param credential the one that the user picks: the newest */
  get(
    options: CeremonyOptions,
    deviations: Deviations = {},
    credential = this.credentials.at(-1),
  ): CredentialJson {
    if (!credential) throw new Error('the authenticator has no credential');
    if (this.counts) credential.signCount += 1;
    const signCount = deviations.signCount ?? credential.signCount;
    const rpId = deviations.rpId ?? options.rpId ?? '';
    const authData = this.#authenticatorData(rpId, signCount, deviations);
    const clientData = this.#clientData('webauthn.get', options, deviations);
    const key = deviations.privateKey ?? credential.privateKey;
    const signature = signWith('sha256', Buffer.concat([authData, sha256(clientData)]), key);
    const { userHandle = credential.userHandle } = deviations;
    return credentialOf(credential.id, {
      clientDataJSON: encode(clientData),
      authenticatorData: encode(authData),
      signature: encode(signature),
      ...(userHandle !== null && { userHandle }),
    });
  }

  #clientData(type: string, { challenge }: CeremonyOptions, deviations: Deviations): Buffer {
    const data = {
      type: deviations.type ?? type,
      challenge: deviations.challenge ?? challenge,
      origin: deviations.origin ?? this.origin,
      crossOrigin: false,
      ...deviations.clientData,
    };
    return Buffer.from(JSON.stringify(data));
  }

  #authenticatorData(
    rpId: string,
    signCount: number,
    deviations: Deviations,
    attested = Buffer.alloc(0),
  ): Buffer {
    const { isUnverified, isAbsent, backupEligible = this.isSynced } = deviations;
    const { backedUp = backupEligible } = deviations;
    const flags =
      (isAbsent ? 0 : PRESENT) |
      (isUnverified ? 0 : VERIFIED) |
      (backupEligible ? BACKUP_ELIGIBLE : 0) |
      (backedUp ? BACKED_UP : 0) |
      (attested.length > 0 ? ATTESTED : 0);
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(signCount);
    return Buffer.concat([sha256(rpId), Buffer.from([flags]), counter, attested]);
  }
}

const credentialOf = (id: string, response: object): CredentialJson => ({
  id,
  rawId: id,
  type: 'public-key',
  authenticatorAttachment: 'platform',
  clientExtensionResults: {},
  response,
});
